package airlock.config;

import airlock.event.Phase;
import java.util.Set;

/// A file or variable of the secrets drive.
///
/// @param name below `/ci/secrets`
/// @param phases never plan
public record NamedSecret(String name, Set<Phase> phases) {
    public NamedSecret {
        phases = Set.copyOf(phases);
    }
}
