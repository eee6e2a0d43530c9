package airlock.web;

import airlock.event.Phase;
import airlock.results.PlaceUse;
import java.util.List;

/// A phase of a run that was started.
///
/// @param attempt 1 for the first start of this phase in its run, 2 for the second
/// @param isolation what stood between its VM and the host, for people; empty if it had none
/// @param reason why it ended so, may be empty
/// @param vm where its VM's time went
/// @param steps those of its plan, in order, started or not
/// @param places what its VM connected to
public record PhaseView(
        Phase phase,
        int attempt,
        String isolation,
        Mark mark,
        String reason,
        Times times,
        VmTime vm,
        List<StepView> steps,
        List<PlaceUse> places) {
    public PhaseView {
        steps = List.copyOf(steps);
        places = List.copyOf(places);
    }

    /// One whose VM has not ended.
    public PhaseView(
            Phase phase,
            int attempt,
            String isolation,
            Mark mark,
            String reason,
            Times times,
            List<StepView> steps) {
        this(phase, attempt, isolation, mark, reason, times, VmTime.UNKNOWN, steps, List.of());
    }
}
