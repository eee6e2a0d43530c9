package airlock.queue;

import airlock.event.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Reading of columns that requests and runs share.
final class Rows {
    private Rows() {}

    static Subject subject(ResultSet rows) throws SQLException {
        return Subject.of(
                rows.getString("kind"), rows.getString("subject"), rows.getString("target"));
    }
}
