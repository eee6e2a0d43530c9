package airlock.web;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.event.TrustClass;

/// A run as lists show it.
///
/// @param plan the plan's name
/// @param cell the matrix cell as people read it, empty where there is none
/// @param state how it stands
public record RunHead(
        RunId id,
        RequestId request,
        RepositoryId repository,
        Subject subject,
        CommitId commit,
        CommitSummary summary,
        TrustClass trust,
        String plan,
        String cell,
        StateChange.State state,
        Times times) {

    /// How it stands, for people.
    public Mark mark() {
        return Mark.of(state);
    }

    /// Why it ended so; empty where there is nothing to say.
    public String reason() {
        return state instanceof StateChange.State.Ended ended ? ended.reason() : "";
    }

    /// Whether nothing more will happen to it.
    public boolean isOver() {
        return state instanceof StateChange.State.Ended;
    }

    /// The plan and its matrix cell in one.
    public String planAndCell() {
        return cell.isEmpty() ? plan : plan + " (" + cell + ")";
    }
}
