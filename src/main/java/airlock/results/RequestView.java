package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange.State;
import java.time.Instant;
import java.util.List;

/// A request as people read it.
///
/// @param state how the request itself stands; ended with a reason if it never got to runs
/// @param waitsFor why it has no run yet, for people; may be empty
/// @param runs what it became; empty in lists, and before its source has been read
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

    /// The repository it tests.
    public RepositoryId repository() {
        return revision.repository();
    }

    /// How it stands, for people.
    public Mark mark() {
        return Mark.of(state);
    }

    /// Whether nothing more will happen to it, apart from its runs.
    public boolean isOver() {
        return state instanceof State.Ended;
    }

    /// Why it ended so, or why there is no run yet; empty if there is nothing to say.
    public String reason() {
        return state instanceof State.Ended ended ? ended.reason() : waitsFor;
    }
}
