package airlock.phases;

import airlock.config.Destinations;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
import airlock.event.Phase;
import airlock.event.Subject;
import java.util.Set;

/// What the configuration of a repository says about its VMs.
///
/// @param image the image's name
/// @param defaultBranch whose outputs a run starts from where its own ref has none (T6)
/// @param keyPhases the phases whose secrets drive carries the repository's SSH key
/// @param network where trusted phases may connect to
/// @param destinations the servers that actions publish to and fetch from
public record PhaseSettings(
        String image,
        Limits limits,
        Subject.Branch defaultBranch,
        Set<Phase> keyPhases,
        NetworkConfig network,
        Destinations destinations) {
    public PhaseSettings {
        keyPhases = Set.copyOf(keyPhases);
    }
}
