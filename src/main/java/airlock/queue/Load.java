package airlock.queue;

import airlock.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;

/// Counts waiting and running work, from the indexes of open rows.
public final class Load {
    private final Database database;
    private final InstantSource clock;

    public Load(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Work that has not ended.
    ///
    /// @param waiting not claimed
    /// @param worked claimed
    /// @param oldest how long the oldest one has waited; zero if none waits
    public record Open(long waiting, long worked, Duration oldest) {}

    /// Counts requests that have no runs yet.
    public Open requests() {
        return database.read(handle -> open(handle, "request"));
    }

    public Open runs() {
        return database.read(handle -> open(handle, "run"));
    }

    /// The partial indexes have queued rows in two halves: due now and later.
    private Open open(Handle handle, String table) {
        long due = count(handle, table, "state = 'queued' AND not_before = 0");
        long later = count(handle, table, "state = 'queued' AND not_before > 0");
        long oldest =
                Math.min(
                        first(handle, table, "not_before = 0"),
                        first(handle, table, "not_before > 0"));
        return new Open(
                due + later,
                count(handle, table, "state = 'claimed'"),
                oldest == Long.MAX_VALUE ? Duration.ZERO : age(oldest));
    }

    private static long count(Handle handle, String table, String where) {
        return handle.createQuery("SELECT COUNT(*) FROM " + table + " WHERE " + where)
                .mapTo(Long.class)
                .one();
    }

    private static long first(Handle handle, String table, String which) {
        return handle.createQuery(
                        "SELECT COALESCE(MIN(created_at), "
                                + Long.MAX_VALUE
                                + ") FROM "
                                + table
                                + " WHERE state = 'queued' AND "
                                + which)
                .mapTo(Long.class)
                .one();
    }

    private Duration age(long since) {
        var age = Duration.between(Instant.ofEpochMilli(since), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
