package airlock.plan;

import airlock.event.Phase;
import java.util.Arrays;
import java.util.List;

/// The actions that Ambient 0.21.1 has and Airlock not yet (reference/ambient.md, section 3), so
/// that a file that uses them hears that and not "unknown".
final class AmbientActions {
    private static final List<String> PRE_PLAN =
            List.of(
                    "cargo_fetch",
                    "apt_upgrade_download",
                    "npm_get",
                    "rustup",
                    "pip_download",
                    "go_mod_download");
    private static final List<String> PLAN = List.of();
    private static final List<String> POST_PLAN = List.of();

    private AmbientActions() {}

    /// The phases in which Ambient has `name`; none where it is unknown to it too.
    static List<Phase> phasesOf(String name) {
        return Arrays.stream(Phase.values()).filter(phase -> names(phase).contains(name)).toList();
    }

    /// All names of a phase.
    static List<String> names(Phase phase) {
        return switch (phase) {
            case PRE_PLAN -> PRE_PLAN;
            case PLAN -> PLAN;
            case POST_PLAN -> POST_PLAN;
        };
    }
}
