package airlock.plan;

import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.util.List;
import java.util.Set;

/// `mkdir`: makes a directory where there is none. Unlike Ambient's it makes missing parents too.
record MkdirAction(String pathname) implements Action {
    private static final int MODE = 0755;
    private static final int LONGEST_TITLE = 80;
    private static final Key<String> PATHNAME =
            Key.required("pathname", Texts.path(), "The directory, from `/ci/src`.")
                    .example("build/reports");

    static final ActionKind KIND =
            new ActionKind(
                    "mkdir",
                    Set.of(Phase.PLAN),
                    new Section<>(
                            "mkdir",
                            "Makes a directory and its parents.",
                            List.of(PATHNAME),
                            values -> new MkdirAction(values.get(PATHNAME))));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.onTheWayTo(pathname);
    }

    @Override
    public boolean ignoresEnvironment() {
        return true;
    }

    @Override
    public List<Step> lower(StepContext context) {
        return List.of(
                StepContext.plain(
                        SafeText.line("mkdir " + pathname, LONGEST_TITLE),
                        new GuestStep.MakeDirectory(StepContext.absolute(pathname), MODE, true)));
    }
}
