package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.TrustClass;

/// A run as lists show it.
///
/// @param cell the matrix cell, for people; empty if its plan has no matrix
public record RunHead(
        RunId id,
        RequestId request,
        Revision revision,
        TrustClass trust,
        String plan,
        String cell,
        State state,
        Times times) {

    public RepositoryId repository() {
        return revision.repository();
    }

    public Mark mark() {
        return Mark.of(state);
    }

    public String reason() {
        return state instanceof State.Ended ended ? ended.reason() : "";
    }

    public boolean isOver() {
        return state instanceof State.Ended;
    }

    public String planAndCell() {
        return cell.isEmpty() ? plan : plan + " (" + cell + ")";
    }
}
