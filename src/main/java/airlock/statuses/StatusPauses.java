package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.store.Bell;
import airlock.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The pauses of statuses that forges refused, and the operator's way to end them.
public final class StatusPauses {
    private static final int MOST_GIVEN_UP = 10_000;

    private final Database database;
    private final InstantSource clock;
    private final Bell bell;

    StatusPauses(Database database, InstantSource clock, Bell bell) {
        this.database = database;
        this.clock = clock;
        this.bell = bell;
    }

    /// All pauses, at most one for each repository and each forge.
    public List<StatusPause> all() {
        return database.read(Pauses::all);
    }

    /// The result of [#retry].
    ///
    /// @param pauses for which one status is sent now
    /// @param waiting statuses whose delay was dropped
    /// @param givenUp abandoned statuses that are sent again, each the last of its context
    public record Retried(int pauses, int waiting, int givenUp) {}

    /// Retries now: one status of each pause, all delayed ones, and the newest [#MOST_GIVEN_UP]
    /// abandoned ones. Waits that a forge asked for still apply.
    ///
    /// @param of limits this to one repository
    public Retried retry(Optional<RepositoryId> of) {
        String repository = of.map(RepositoryId::toString).orElse("");
        String forge = of.map(RepositoryId::forge).orElse("");
        var retried =
                database.write(
                        handle ->
                                new Retried(
                                        pauses(handle, forge, repository),
                                        waiting(handle, repository),
                                        givenUp(handle, repository)));
        bell.ring();
        return retried;
    }

    private static int pauses(Handle handle, String forge, String repository) {
        return handle.createUpdate(
                        """
                        UPDATE status_pause SET until = 0
                        WHERE :repository = '' OR (forge = :forge AND repository IN ('', :repository))
                        """)
                .bind("forge", forge)
                .bind("repository", repository)
                .execute();
    }

    private static int waiting(Handle handle, String repository) {
        return handle.createUpdate(
                        """
                        UPDATE status_outbox SET not_before = 0
                        WHERE outcome IN ('waiting', 'unknown') AND not_before > 0
                        """
                                + only(repository))
                .bind("repository", repository)
                .execute();
    }

    private int givenUp(Handle handle, String repository) {
        return handle.createUpdate(
                        """
                        UPDATE status_outbox AS o SET outcome = 'waiting', attempts = 0, refusals = 0,
                            not_before = CASE WHEN EXISTS (SELECT 1 FROM status_pause p
                                WHERE p.forge = o.forge AND p.repository = o.repository)
                                THEN :held ELSE 0 END,
                            detail = 'tried again, as the operator asked', changed_at = :now
                        WHERE seq IN (SELECT seq FROM status_outbox WHERE outcome = 'given_up' %s
                                ORDER BY seq DESC LIMIT :most)
                            AND NOT EXISTS (SELECT 1 FROM status_outbox n
                                WHERE n.repository = o.repository AND n.commit_id = o.commit_id
                                    AND n.context = o.context AND n.seq > o.seq
                                    AND n.outcome <> 'withheld')
                        """
                                .formatted(only(repository)))
                .bind("held", Pauses.HELD)
                .bind("now", clock.millis())
                .bind("most", MOST_GIVEN_UP)
                .bind("repository", repository)
                .execute();
    }

    private static String only(String repository) {
        return repository.isEmpty() ? " AND :repository = ''" : " AND repository = :repository";
    }
}
