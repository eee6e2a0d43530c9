package airlock.queue;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// Limits how many requests from outside an author may run in an hour, over all repositories of a
/// forge (T11); the target branch's plan decides how many runs each has. The rest wait.
///
/// @param requests the limit, at least 1
public record OutsideRateLimit(int requests) {
    private static final Duration HOUR = Duration.ofHours(1);

    public OutsideRateLimit {
        if (requests < 1) {
            throw new IllegalArgumentException("not a number of requests an hour: " + requests);
        }
    }

    /// When the next run of `request` may begin: at the same time as its first one. Runs that were
    /// superseded before they began do not count.
    Instant slot(Handle handle, RepositoryId repository, RequestId request, Instant now) {
        var first =
                handle.createQuery("SELECT MIN(slot_at) FROM run WHERE request = :request")
                        .bind("request", request.text())
                        .mapTo(Long.class)
                        .findOne();
        return first.map(Instant::ofEpochMilli)
                .orElseGet(() -> next(handle, repository, request, now));
    }

    private Instant next(Handle handle, RepositoryId repository, RequestId request, Instant now) {
        return handle.createQuery(
                        """
                        SELECT MIN(run.slot_at) AS slot
                        FROM run JOIN request ON request.id = run.request
                        WHERE run.slot_at > :past AND substr(run.repository, 1, length(:forge)) = :forge
                            AND request.author = (SELECT author FROM request WHERE id = :request)
                            AND NOT (run.state = 'ended' AND run.started_at IS NULL)
                            AND run.created_at <= :ahead
                        GROUP BY run.request
                        ORDER BY slot DESC LIMIT 1 OFFSET :others
                        """)
                .bind("past", now.minus(HOUR).toEpochMilli())
                .bind("forge", repository.forge() + ":")
                .bind("request", request.text())
                .bind("others", requests - 1)
                .bind("ahead", now.plus(ClockCorrection.USUAL).toEpochMilli())
                .mapTo(Long.class)
                .findOne()
                .map(slot -> Instant.ofEpochMilli(slot).plus(HOUR))
                .filter(now::isBefore)
                .orElse(now);
    }
}
