package airlock.config;

import airlock.event.Phase;
import airlock.event.TrustClass;

/// Where the VMs of a repository's trusted phases may connect to.
///
/// @param outside for pre_plan of outside runs; always enforced
/// @param outsideCode whether that pre_plan has its network also where it may run the commit's code
public record NetworkConfig(
        PhaseNetwork prePlan, PhaseNetwork postPlan, PhaseNetwork outside, boolean outsideCode) {
    /// Nowhere.
    public static final NetworkConfig NOTHING =
            new NetworkConfig(
                    PhaseNetwork.NOTHING, PhaseNetwork.NOTHING, PhaseNetwork.NOTHING, false);

    public NetworkConfig {
        if (outside.mode() != PhaseNetwork.Mode.ENFORCE) {
            throw new IllegalArgumentException("outside runs are always in enforce");
        }
    }

    /// What a phase may; the one that runs the commit's own code never has any network.
    public PhaseNetwork of(Phase phase, TrustClass trust) {
        return switch (phase) {
            case PLAN -> PhaseNetwork.NOTHING;
            case PRE_PLAN -> trust == TrustClass.OUTSIDE ? outside : prePlan;
            case POST_PLAN -> trust == TrustClass.OUTSIDE ? PhaseNetwork.NOTHING : postPlan;
        };
    }
}
