package airlock.results;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.text.SafeText;

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

    /// The commit that is tested, and its branch, tag or change request.
    public record Revision(
            RepositoryId repository, Subject subject, CommitId commit, CommitSummary summary) {
        /// The commit's title, or its abbreviated id if it has none.
        public String title() {
            return summary.title().isEmpty()
                    ? commit.abbreviated()
                    : SafeText.line(summary.title());
        }
    }
}
