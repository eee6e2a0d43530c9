package airlock.plan;

import airlock.text.Shown;
import airlock.vm.Step;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `apt_get`: installs Debian packages, with what they depend on and the image lacks, out of what
/// `deb_get` has fetched. Ambient has no such action.
record AptGetAction(List<String> packages) implements Action {
    private static final int MOST_PACKAGES = 1_000;
    private static final int LONGEST_TITLE = 80;
    private static final Key<List<String>> PACKAGES =
            Key.required(
                            "packages",
                            Compounds.list(DebGetAction.PACKAGE, 1, MOST_PACKAGES),
                            "Their names.")
                    .example("[jq]");

    static final ActionKind KIND =
            new ActionKind(
                    "apt_get",
                    Set.of(),
                    true,
                    new Section<>(
                            "apt_get",
                            "Installs fetched Debian packages by their names.",
                            List.of(PACKAGES),
                            values -> new AptGetAction(values.get(PACKAGES))));

    AptGetAction {
        packages = List.copyOf(packages);
    }

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public List<Step> lower(StepContext context) {
        var arguments = new ArrayList<>(List.of(DebGetAction.FOLDER));
        arguments.addAll(packages);
        return List.of(
                context.run(
                        Script.of(
                                Shown.line(
                                        "apt-get install " + String.join(" ", packages),
                                        LONGEST_TITLE),
                                name(),
                                arguments,
                                "")));
    }
}
