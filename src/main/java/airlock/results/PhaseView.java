package airlock.results;

import airlock.event.Phase;
import airlock.event.StateChange.State;
import java.util.List;

/// A start of a phase.
///
/// @param attempt 1 for the first start of this phase in its run, 2 for the second
/// @param isolation of its VM from the host, for people; empty if it needed no VM
/// @param steps of its plan, in order, whether started or not
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

    public Mark mark() {
        return Mark.of(state);
    }

    public String reason() {
        return state instanceof State.Ended ended ? ended.reason() : "";
    }

    /// The connections of a phase's VM to one place.
    ///
    /// @param place as the guest named it, printable ASCII
    /// @param sent bytes from the guest
    /// @param reason why the last one was refused; empty if none was
    public record PlaceUse(
            String place,
            long connections,
            long sent,
            long received,
            long refused,
            String reason) {}
}
