package airlock.queue;

import airlock.base.Hash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The plan files of runs, stored once per content, so that matrix cells and strangers' pushes do
/// not multiply them.
final class PlanTexts {
    /// How long a text is kept after its last use. A shell on an ended run needs it.
    static final Duration AGE = Duration.ofDays(30);

    /// How many stale texts each new one removes; more than one, so that their number shrinks.
    private static final int MOST_REMOVED = 8;

    private PlanTexts() {}

    /// Stores `text` and returns its id. Removes a few stale texts.
    static long keep(Handle handle, byte[] text, Instant now) {
        handle.createUpdate(
                        """
                        DELETE FROM plan_text WHERE id IN (
                            SELECT old.id FROM plan_text old
                            WHERE old.used_at < :before AND NOT EXISTS (SELECT 1 FROM run
                                WHERE run.state <> 'ended'
                                    AND old.id IN (run.plan_text_id, run.target_text_id))
                            ORDER BY old.used_at LIMIT :most)
                        """)
                .bind("before", now.minus(AGE).toEpochMilli())
                .bind("most", MOST_REMOVED)
                .execute();
        return handle.createQuery(
                        """
                        INSERT INTO plan_text (sha256, text, used_at) VALUES (:sha256, :text, :now)
                        ON CONFLICT (sha256) DO UPDATE SET used_at = excluded.used_at
                        RETURNING id
                        """)
                .bind("sha256", Hash.sha256(text))
                .bind("text", text)
                .bind("now", now.toEpochMilli())
                .mapTo(Long.class)
                .one();
    }

    /// The text that `run` refers to in `column`; empty if not set or removed.
    ///
    /// @param column `plan_text` or `target_text`, which hold the text itself in runs of older
    ///     versions
    static Optional<byte[]> of(Handle handle, ResultSet run, String column) throws SQLException {
        long id = run.getLong(column + "_id");
        return run.wasNull()
                ? Optional.ofNullable(run.getBytes(column))
                : handle.createQuery("SELECT text FROM plan_text WHERE id = :id")
                        .bind("id", id)
                        .map((rows, _) -> rows.getBytes(1))
                        .findOne();
    }
}
