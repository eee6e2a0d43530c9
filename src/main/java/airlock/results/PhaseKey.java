package airlock.results;

import airlock.event.Phase;
import airlock.event.RunId;

/// One VM's place in the records.
///
/// @param generation the number of the claim that started it; a phase that is started again after a
///     crash has rows of its own
public record PhaseKey(RunId run, long generation, Phase phase) {}
