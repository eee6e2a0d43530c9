package airlock.queue;

import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// Corrects times that were recorded before the clock was set back; otherwise requests and runs
/// would wait too long.
final class ClockCorrection {
    /// How far in the future a recorded time may be if the clock was not set back.
    static final Duration USUAL = Duration.ofMinutes(1);

    /// Longer than any wait of a request or pause of a repository.
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private ClockCorrection() {}

    /// Shortens waits that are too long; returns how many there were.
    static int mend(Handle handle, Instant now) {
        long latest = now.plus(LONGEST_WAIT).toEpochMilli();
        int requests =
                handle.execute(
                        """
                        UPDATE request SET not_before = 0
                        WHERE state = 'queued' AND not_before > 0 AND not_before > ?
                        """,
                        latest);
        int pauses =
                handle.execute("UPDATE share SET fetches_from = 0 WHERE fetches_from > ?", latest);
        // runs from outside may wait for hours, counted from their creation
        int runs =
                handle.createUpdate(
                                """
                                UPDATE run SET not_before = :now + not_before - created_at,
                                    slot_at = :now + slot_at - created_at, created_at = :now
                                WHERE state = 'queued' AND not_before > 0 AND created_at > :ahead
                                """)
                        .bind("now", now.toEpochMilli())
                        .bind("ahead", now.plus(USUAL).toEpochMilli())
                        .execute();
        return requests + pauses + runs;
    }
}
