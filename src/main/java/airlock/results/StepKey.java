package airlock.results;

import airlock.event.Phase;

/// Which step of a run.
///
/// @param attempt which start of the phase, from 1
/// @param step its index in the phase, from 0; [#NOTES] for what Airlock itself says about the
///     phase
public record StepKey(Phase phase, int attempt, int step) {
    /// Stands for the steps that Airlock puts around those of the plan.
    public static final int NOTES = -1;

    /// Whether it is Airlock itself that speaks.
    public boolean isNotes() {
        return step == NOTES;
    }

    /// Its name in pages and events, such as `plan-1-0` or `plan-1-notes`.
    public String id() {
        return phase.key() + "-" + attempt + "-" + (isNotes() ? "notes" : step);
    }

    /// What it is called where nothing else is known of it.
    public String plainTitle() {
        return isNotes() ? "Airlock's notes" : "step " + (step + 1);
    }
}
