package airlock.plan;

import airlock.event.Phase;
import airlock.vm.Step;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `cargo_clippy`: lints the code, where a warning is an error. `--locked` only where there is a
/// lock file, which the guest sees first.
///
/// @param deps whether the code of dependencies in the workspace is looked at too
record CargoClippyAction(boolean deps) implements Action {
    private static final String LOCKED_WHERE_IT_CAN_BE =
            """
            set -eu
            options=()
            [ ! -e Cargo.lock ] || options=(--locked)
            set -x
            cargo clippy --offline --workspace --all-targets --verbose "${options[@]}" "$@" -- --deny=warnings
            """;
    private static final Key<Boolean> DEPS =
            Key.or("deps", Scalars.FLAG, true, "true", "Whether dependencies are linted too.")
                    .example("false");

    static final ActionKind KIND =
            new ActionKind(
                    "cargo_clippy",
                    Set.of(Phase.PLAN),
                    true,
                    new Section<>(
                            "cargo_clippy",
                            "Lints Rust code.",
                            List.of(DEPS),
                            values -> new CargoClippyAction(values.get(DEPS))));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public List<Step> lower(StepContext context) {
        var argv = new ArrayList<>(List.of("bash", "-c", LOCKED_WHERE_IT_CAN_BE, "cargo_clippy"));
        if (!deps) {
            argv.add("--no-deps");
        }
        return ProgramAction.steps(context, Cargo.after(argv));
    }
}
