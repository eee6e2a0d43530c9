package airlock.phases;

import airlock.event.Phase;
import airlock.event.TrustClass;

/// Which phases a run has (T2). Secrets have a rule of their own
/// ([airlock.config.SecretsConfig#of]).
public final class PhaseRules {
    private PhaseRules() {}

    /// Whether a run of `trust` has `phase` at all.
    public static boolean mayRun(TrustClass trust, Phase phase) {
        return switch (phase) {
            case PRE_PLAN, PLAN -> true;
            case POST_PLAN ->
                    switch (trust) {
                        case LISTED -> true;
                        case INSIDE, OUTSIDE -> false;
                    };
        };
    }
}
