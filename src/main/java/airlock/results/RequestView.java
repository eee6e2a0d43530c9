package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange.State;
import airlock.results.RunHead.Revision;
import java.time.Instant;
import java.util.List;

/// A request as people see it.
///
/// @param state of the request itself; ended with a reason if it made no runs
/// @param waitsFor why it has no run yet, for people; may be empty
/// @param runs that it made; empty in lists, and before its source has been read
public record RequestView(
        RequestId id,
        Revision revision,
        State state,
        String waitsFor,
        Instant created,
        List<RunHead> runs) {
    public RequestView {
        runs = List.copyOf(runs);
    }

    public RepositoryId repository() {
        return revision.repository();
    }

    public Mark mark() {
        return Mark.of(state);
    }

    public boolean isOver() {
        return state instanceof State.Ended;
    }

    /// Why it ended so, or why it has no run yet; may be empty.
    public String reason() {
        return state instanceof State.Ended ended ? ended.reason() : waitsFor;
    }
}
