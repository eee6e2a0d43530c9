package airlock.plan;

import java.util.Optional;

/// The machine that a plan wants for its phases.
///
/// @param cpus virtual CPUs; it has at least so many, and never more than the operator grants
/// @param memory RAM in bytes, the same
/// @param image the name of its image; empty for the repository's
public record WantedMachine(Optional<Long> cpus, Optional<Long> memory, Optional<String> image) {
    /// Of a plan that says nothing.
    static final WantedMachine ANY =
            new WantedMachine(Optional.empty(), Optional.empty(), Optional.empty());
}
