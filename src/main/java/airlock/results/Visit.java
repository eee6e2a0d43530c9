package airlock.results;

import airlock.event.Phase;
import java.time.Instant;
import java.util.Optional;

/// A person's stay in a machine of a run.
///
/// @param kept whether it was the phase's own machine; else a fresh one with the same inputs
/// @param who the name of a user of the server's machine
/// @param ended empty while they are in
/// @param ending how it ended, such as `exited with 0`; empty while they are in
public record Visit(
        Phase phase,
        boolean kept,
        String who,
        Instant began,
        Optional<Instant> ended,
        String ending) {}
