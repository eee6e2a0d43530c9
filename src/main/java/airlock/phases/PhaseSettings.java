package airlock.phases;

import airlock.config.Destinations;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.event.Subject;

/// The configuration of a repository for its VMs.
///
/// @param rules for the choices of plans
/// @param defaultBranch whose outputs a run starts from if its own ref has none (T6)
/// @param secrets for trusted phases
/// @param network for trusted phases
/// @param destinations the servers that actions publish to and fetch from
public record PhaseSettings(
        String image,
        PlanRules rules,
        Limits limits,
        Subject.Branch defaultBranch,
        SecretsConfig secrets,
        NetworkConfig network,
        Destinations destinations) {}
