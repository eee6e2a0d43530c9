package airlock.results;

import airlock.event.Phase;
import airlock.event.RunId;

/// Names a start of a phase in the database.
///
/// @param generation of the claim that started it; a phase that is started again after a crash has
///     new rows
public record PhaseKey(RunId run, long generation, Phase phase) {}
