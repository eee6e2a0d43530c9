package airlock.results;

import airlock.event.Phase;
import java.time.Instant;
import java.util.Optional;

/// A person's visit to a VM of a run.
///
/// @param kept whether it was the phase's own VM; else a fresh one with the same inputs
/// @param who a user name on the server's machine
/// @param ending such as `exited with 0`; empty while the person is in
public record Visit(
        Phase phase,
        boolean kept,
        String who,
        Instant began,
        Optional<Instant> ended,
        String ending) {}
