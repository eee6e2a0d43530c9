package airlock.results;

import airlock.event.Phase;

/// Names a step of a run.
///
/// @param attempt which start of the phase, from 1
/// @param step its index in the phase, from 0, or [#NOTES]
public record StepKey(Phase phase, int attempt, int step) {
    /// Airlock's own messages about the phase.
    public static final int NOTES = -1;

    public boolean isNotes() {
        return step == NOTES;
    }

    /// Its id in pages and events, such as `plan-1-0` or `plan-1-notes`.
    public String id() {
        return phase.key() + "-" + attempt + "-" + (isNotes() ? "notes" : step);
    }

    /// Its title if the database has none.
    public String plainTitle() {
        return isNotes() ? "Airlock's notes" : "step " + (step + 1);
    }
}
