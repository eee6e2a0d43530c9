package airlock.plan;

import airlock.event.Phase;
import airlock.vm.Step;
import airlock.yaml.Key;
import airlock.yaml.Section;
import airlock.yaml.Shown;
import java.util.List;
import java.util.Set;

/// `shell`: runs a text with bash, which stops at the first command that fails and shows each one.
record ShellAction(String shell) implements Action {
    private static final int LONGEST_TITLE = 80;
    private static final Key<String> SHELL =
            Key.required(
                            "shell",
                            Texts.argument(),
                            "What bash runs, after a line `set -xeuo pipefail` of its own.")
                    .example("make check");

    static final ActionKind KIND =
            new ActionKind(
                    "shell",
                    Set.of(Phase.PLAN),
                    true,
                    new Section<>(
                            "shell",
                            "Runs a text with bash.",
                            List.of(SHELL),
                            values -> new ShellAction(values.get(SHELL))));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public List<Step> lower(StepContext context) {
        return List.of(
                context.execute(title(), List.of("bash", "-c", "set -xeuo pipefail\n" + shell)));
    }

    private String title() {
        String line =
                shell.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
        return Shown.line(line.isEmpty() ? name() : line, LONGEST_TITLE);
    }
}
