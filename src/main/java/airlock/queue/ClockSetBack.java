package airlock.queue;

import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// Mends what was noted while the clock was ahead and has been set back since: what waits for a
/// time would wait as much longer.
final class ClockSetBack {
    /// How far ahead of the clock a time of the past may seem without anybody having set it.
    static final Duration USUAL = Duration.ofMinutes(1);

    /// More than a request ever waits, or a repository is paused.
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private ClockSetBack() {}

    /// Lets those wait as long as they had to; returns how many did not.
    static int mend(Handle handle, Instant now) {
        long latest = now.plus(LONGEST_WAIT).toEpochMilli();
        int requests =
                handle.createUpdate(
                                """
                                UPDATE request SET not_before = 0
                                WHERE state = 'queued' AND not_before > 0 AND not_before > :latest
                                """)
                        .bind("latest", latest)
                        .execute();
        int pauses =
                handle.createUpdate(
                                "UPDATE share SET fetches_from = 0 WHERE fetches_from > :latest")
                        .bind("latest", latest)
                        .execute();
        // a run from outside may wait for hours, but not for those before it was made
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
