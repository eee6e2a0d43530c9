package airlock.results;

import airlock.event.Phase;
import airlock.event.StateChange.State;
import java.util.List;

/// A phase of a run that was started.
///
/// @param attempt 1 for the first start of this phase in its run, 2 for the second
/// @param isolation what stood between its VM and the host, for people; empty if it needed no VM
/// @param vm where its VM's time went
/// @param steps those of its plan, in order, started or not
/// @param places what its VM connected to
public record PhaseView(
        Phase phase,
        int attempt,
        String isolation,
        State state,
        Times times,
        PhaseTimes vm,
        List<StepView> steps,
        List<PlaceUse> places) {
    public PhaseView {
        steps = List.copyOf(steps);
        places = List.copyOf(places);
    }

    /// How it stands, for people.
    public Mark mark() {
        return Mark.of(state);
    }

    /// Why it ended so; empty if there is nothing to say.
    public String reason() {
        return state instanceof State.Ended ended ? ended.reason() : "";
    }
}
