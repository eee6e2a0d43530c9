package airlock.plan;

import airlock.event.Phase;
import airlock.vm.Step;
import airlock.yaml.Section;
import java.util.List;
import java.util.Set;

/// `deb` and `deb2`: build a Debian package of the commit, with its source. What is built goes to
/// the artifacts, of `deb2` to their directory `debian`. Unlike Ambient's they need no Rust.
///
/// @param name one of the two
/// @param folder where the results go
record DebAction(String name, String folder) implements Action {
    static final ActionKind ALL = kind("deb", "/ci/artifacts");
    static final ActionKind BELOW = kind("deb2", "/ci/artifacts/debian");

    private static ActionKind kind(String name, String folder) {
        return new ActionKind(
                name,
                Set.of(Phase.PLAN),
                true,
                new Section<>(
                        name,
                        "Builds a Debian package into " + folder + ".",
                        List.of(),
                        _ -> new DebAction(name, folder)));
    }

    @Override
    public List<Step> lower(StepContext context) {
        return List.of(
                context.run(Script.of("build a Debian package", "deb", List.of(folder), "")));
    }
}
