package airlock.retention;

import airlock.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// When the janitor looked, on disk, so that a clock that jumped is not believed at once: ages are
/// counted up to the last look where that was long ago. The next look counts up to now.
final class Passes {
    private static final Duration LEAP = Duration.ofDays(1);

    private final Database database;
    private final InstantSource clock;

    Passes(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Up to when things have grown old, for this look.
    Instant begin() {
        Instant now = clock.instant();
        return database.write(
                handle -> {
                    var last =
                            handle.createQuery("SELECT passed_at FROM janitor")
                                    .map((rows, _) -> Instant.ofEpochMilli(rows.getLong(1)))
                                    .findOne()
                                    .orElse(now);
                    handle.createUpdate(
                                    """
                                    INSERT INTO janitor (id, passed_at) VALUES (1, :now)
                                    ON CONFLICT (id) DO UPDATE SET passed_at = excluded.passed_at
                                    """)
                            .bind("now", now.toEpochMilli())
                            .execute();
                    return last.isBefore(now.minus(LEAP)) ? last : now;
                });
    }
}
