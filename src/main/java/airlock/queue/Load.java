package airlock.queue;

import airlock.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;

/// How much waits and is worked on, counted from the indexes of what is open.
public final class Load {
    private final Database database;
    private final InstantSource clock;

    public Load(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// What has not ended.
    ///
    /// @param waiting not taken by a worker
    /// @param worked taken by one
    /// @param oldest how long the oldest one has waited; zero where none waits
    public record Open(long waiting, long worked, Duration oldest) {}

    /// Requests that are not yet runs.
    public Open requests() {
        return database.read(handle -> open(handle, "request"));
    }

    /// Runs.
    public Open runs() {
        return database.read(handle -> open(handle, "run"));
    }

    /// The partial indexes hold what is queued in two halves: due now and later.
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
