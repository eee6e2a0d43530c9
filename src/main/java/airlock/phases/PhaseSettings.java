package airlock.phases;

import airlock.config.Destinations;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.event.Subject;

/// What the configuration of a repository says about its VMs.
///
/// @param image the image's name
/// @param rules what the plan may choose
/// @param defaultBranch whose outputs a run starts from where its own ref has none (T6)
/// @param secrets what trusted phases may use
/// @param network where trusted phases may connect to
/// @param destinations the servers that actions publish to and fetch from
public record PhaseSettings(
        String image,
        PlanRules rules,
        Limits limits,
        Subject.Branch defaultBranch,
        SecretsConfig secrets,
        NetworkConfig network,
        Destinations destinations) {
    /// Those of a repository whose plans choose nothing.
    public PhaseSettings(
            String image,
            Limits limits,
            Subject.Branch defaultBranch,
            SecretsConfig secrets,
            NetworkConfig network,
            Destinations destinations) {
        this(image, PlanRules.STANDARD, limits, defaultBranch, secrets, network, destinations);
    }
}
