package airlock.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Rate limits of forges: until when a forge asked for no requests. All callers of its API check
/// and record pauses here, so that they all keep to them, also after a restart.
public final class ForgePauses {
    /// Longer pauses are ignored: they were recorded before the clock was set back.
    public static final Duration LONGEST = Duration.ofHours(7);

    private ForgePauses() {}

    /// Records a pause of `forge`; the longest one counts.
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

    /// The end of the current pause of `forge`, if any.
    public static Optional<Instant> until(Handle handle, String forge, Instant now) {
        return handle.createQuery("SELECT until FROM forge_pause WHERE forge = :forge")
                .bind("forge", forge)
                .map((rows, _) -> Instant.ofEpochMilli(rows.getLong(1)))
                .findOne()
                .filter(until -> until.isAfter(now) && until.isBefore(now.plus(LONGEST)));
    }
}
