package airlock.web;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange;
import airlock.event.Subject;
import java.time.Instant;
import java.util.List;

/// A request as its page shows it.
///
/// @param state how the request itself stands; ended with a reason where it never got to runs
/// @param waitsFor why it has no run yet, for people; may be empty
/// @param runs what it became, empty before its source has been read
public record RequestView(
        RequestId id,
        RepositoryId repository,
        Subject subject,
        CommitId commit,
        CommitSummary summary,
        StateChange.State state,
        String waitsFor,
        Instant created,
        List<RunHead> runs) {
    public RequestView {
        runs = List.copyOf(runs);
    }

    /// How it stands, for people.
    public Mark mark() {
        return Mark.of(state);
    }

    /// Whether nothing more will happen to it, but for what happens to its runs.
    public boolean isOver() {
        return state instanceof StateChange.State.Ended;
    }

    /// Why it ended so, or why there is no run yet; empty where there is nothing to say.
    public String reason() {
        return state instanceof StateChange.State.Ended ended ? ended.reason() : waitsFor;
    }
}
