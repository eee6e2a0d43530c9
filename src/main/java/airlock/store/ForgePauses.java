package airlock.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Until when forges asked to be left alone. Whoever calls their API looks here first and notes
/// here what it was told, so that one part's limit holds for all, also after a restart.
public final class ForgePauses {
    /// No pause is longer; one that seems so was noted before the clock was set back.
    public static final Duration LONGEST = Duration.ofHours(7);

    private ForgePauses() {}

    /// `forge` asked for a pause; the longest one counts.
    public static void note(Handle handle, String forge, Instant until) {
        handle.createUpdate(
                        """
                        INSERT INTO forge_pause (forge, until) VALUES (:forge, :until)
                        ON CONFLICT (forge) DO UPDATE SET until = MAX(until, excluded.until)
                        """)
                .bind("forge", forge)
                .bind("until", until.toEpochMilli())
                .execute();
    }

    /// Until when `forge` is to be left alone; empty where it is not, at `now`.
    public static Optional<Instant> until(Handle handle, String forge, Instant now) {
        return handle.createQuery("SELECT until FROM forge_pause WHERE forge = :forge")
                .bind("forge", forge)
                .map((rows, _) -> Instant.ofEpochMilli(rows.getLong(1)))
                .findOne()
                .filter(until -> until.isAfter(now) && until.isBefore(now.plus(LONGEST)));
    }
}
