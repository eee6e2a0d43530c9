package airlock.queue;

import airlock.event.RepositoryId;
import airlock.event.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// The columns that several tables share.
final class Rows {
    private Rows() {}

    static Subject subject(ResultSet rows) throws SQLException {
        return Subject.of(
                rows.getString("kind"), rows.getString("subject"), rows.getString("target"));
    }

    /// Values for `:repository`, `:kind` and `:subject`.
    static Map<String, String> key(RepositoryId repository, Subject subject) {
        return Map.of(
                "repository", repository.toString(),
                "kind", subject.kind(),
                "subject", subject.key());
    }

    /// The same, and `:target`.
    static Map<String, String> keyWithTarget(RepositoryId repository, Subject subject) {
        var values = new HashMap<>(key(repository, subject));
        values.put("target", subject.target());
        return values;
    }
}
