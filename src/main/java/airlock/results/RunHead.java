package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.TrustClass;

/// A run as lists show it.
///
/// @param plan the plan's name
/// @param cell the matrix cell as people read it; empty if its plan has no matrix
public record RunHead(
        RunId id,
        RequestId request,
        Revision revision,
        TrustClass trust,
        String plan,
        String cell,
        State state,
        Times times) {

    /// The repository it tests.
    public RepositoryId repository() {
        return revision.repository();
    }

    /// How it stands, for people.
    public Mark mark() {
        return Mark.of(state);
    }

    /// Why it ended so; empty if there is nothing to say.
    public String reason() {
        return state instanceof State.Ended ended ? ended.reason() : "";
    }

    /// Whether nothing more will happen to it.
    public boolean isOver() {
        return state instanceof State.Ended;
    }

    /// The plan and its matrix cell in one.
    public String planAndCell() {
        return cell.isEmpty() ? plan : plan + " (" + cell + ")";
    }
}
