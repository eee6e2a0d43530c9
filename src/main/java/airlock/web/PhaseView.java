package airlock.web;

import airlock.event.Phase;
import java.util.List;

/// A phase of a run that was started.
///
/// @param attempt 1 for the first start of this phase in its run, 2 for the second
/// @param reason why it ended so, may be empty
/// @param vm where its VM's time went
/// @param steps those that were started, in order
public record PhaseView(
        Phase phase,
        int attempt,
        Mark mark,
        String reason,
        Times times,
        VmTime vm,
        List<StepView> steps) {
    public PhaseView {
        steps = List.copyOf(steps);
    }

    /// One whose VM has not ended.
    public PhaseView(
            Phase phase, int attempt, Mark mark, String reason, Times times, List<StepView> steps) {
        this(phase, attempt, mark, reason, times, VmTime.UNKNOWN, steps);
    }
}
