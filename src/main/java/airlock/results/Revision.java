package airlock.results;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.text.SafeText;

/// The commit that is tested, and its branch, tag or change request.
public record Revision(
        RepositoryId repository, Subject subject, CommitId commit, CommitSummary summary) {
    /// The commit's title, or its abbreviated id if it has none.
    public String title() {
        return summary.title().isEmpty() ? commit.abbreviated() : SafeText.line(summary.title());
    }
}
