package airlock.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/// Caches one connection's prepared statements and drops the least recently used: preparing most of
/// our statements takes SQLite longer than running them. Not thread-safe, as the connection itself.
final class KeptStatements extends DefaultStatementBuilder {
    private static final int MOST = 200;

    private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();
    private final IdentityHashMap<Statement, String> used = new IdentityHashMap<>();

    /// If a text is in use more than once, only the first use gets the cached statement.
    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context)
            throws SQLException {
        PreparedStatement kept = idle.remove(sql);
        PreparedStatement given = kept == null ? super.create(connection, sql, context) : kept;
        used.put(given, sql);
        return given;
    }

    /// @param before the text with named parameters, which is not the prepared one
    @Override
    public void close(Connection connection, String before, Statement statement)
            throws SQLException {
        String sql = used.remove(statement);
        if (!(statement instanceof PreparedStatement prepared)
                || sql == null
                || idle.containsKey(sql)) {
            statement.close();
            return;
        }
        prepared.clearParameters();
        idle.put(sql, prepared);
        if (idle.size() > MOST) {
            Iterator<PreparedStatement> oldest = idle.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
    }
}
