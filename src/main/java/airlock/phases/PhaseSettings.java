package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import java.util.Set;

/// What the configuration of a repository says about its VMs.
///
/// @param image the image's name
/// @param keyPhases the phases whose secrets drive carries the repository's SSH key
public record PhaseSettings(String image, Limits limits, Set<Phase> keyPhases) {
    public PhaseSettings {
        keyPhases = Set.copyOf(keyPhases);
    }
}
