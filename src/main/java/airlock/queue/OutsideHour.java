package airlock.queue;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// How many runs from outside an author has in an hour, over all repositories of a forge (T11).
/// What is over it waits for its turn; nothing is dropped.
///
/// @param runs the number, at least 1
public record OutsideHour(int runs) {
    private static final Duration HOUR = Duration.ofHours(1);

    public OutsideHour {
        if (runs < 1) {
            throw new IllegalArgumentException("not a number of runs an hour: " + runs);
        }
    }

    /// When the next run of the author of `request` may begin. Runs that were superseded before
    /// they began leave their place to others.
    Instant slot(Handle handle, RepositoryId repository, RequestId request, Instant now) {
        return handle.createQuery(
                        """
                        SELECT run.slot_at FROM run JOIN request ON request.id = run.request
                        WHERE run.slot_at > :past AND substr(run.repository, 1, length(:forge)) = :forge
                            AND request.author = (SELECT author FROM request WHERE id = :request)
                            AND NOT (run.state = 'ended' AND run.started_at IS NULL)
                            AND run.created_at <= :ahead
                        ORDER BY run.slot_at DESC LIMIT 1 OFFSET :others
                        """)
                .bind("past", now.minus(HOUR).toEpochMilli())
                .bind("forge", repository.forge() + ":")
                .bind("request", request.text())
                .bind("others", runs - 1)
                .bind("ahead", now.plus(ClockSetBack.USUAL).toEpochMilli())
                .mapTo(Long.class)
                .findOne()
                .map(slot -> Instant.ofEpochMilli(slot).plus(HOUR))
                .filter(now::isBefore)
                .orElse(now);
    }
}
