package airlock.web;

import airlock.event.Phase;

/// Which step of a run.
///
/// @param attempt which start of the phase, from 1
/// @param step its index in the phase, from 0
public record StepKey(Phase phase, int attempt, int step) {
    /// Its name in pages and events, such as `plan-1-0`.
    public String id() {
        return phase.key() + "-" + attempt + "-" + step;
    }
}
