package airlock.statuses;

import airlock.forge.StatusPoster;
import airlock.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what is in the [Outbox] to the forges: at least once, in order per commit and context,
/// several contexts at once.
///
/// **Ownership**: the only one that sends from its database; what was on its way when the last
/// one died is in doubt, and the forge is asked. **Failures**: never thrown, each status is tried
/// again or given up, which its row and the log tell. **Limits**: four requests at once per
/// forge.
public final class StatusSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusSender.class);
    private static final long GRACE_SECONDS = 5;

    private final List<Lane> lanes;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("statuses-", 0).factory());

    /// @param posters by the forge's name in the configuration
    public StatusSender(
            Database database,
            Outbox outbox,
            InstantSource clock,
            Map<String, StatusPoster> posters,
            RepositoryNames names) {
        var rows = new OpenRows(database, clock);
        rows.recover();
        int abandoned = rows.abandon(posters.keySet());
        if (abandoned > 0) {
            LOG.warn("{} statuses are for forges that are not configured any more", abandoned);
        }
        posters.forEach((forge, poster) -> rows.begin(forge, poster.credential()));
        this.lanes =
                posters.entrySet().stream()
                        .map(
                                forge ->
                                        new Lane(
                                                forge.getKey(),
                                                rows,
                                                new Attempts(forge.getValue(), names),
                                                clock,
                                                outbox.bell()))
                        .toList();
    }

    /// Sends what is due now, one after another; returns how many were tried.
    public int runOnce() {
        return lanes.stream().mapToInt(Lane::sendDue).sum();
    }

    /// Sends from now on, until [#close()].
    public void start() {
        for (Lane lane : lanes) {
            threads.execute(
                    () -> {
                        try {
                            lane.serve(threads);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
    }

    /// Stops. A request that is under way is interrupted and in doubt from then on.
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a status is still being sent; the next start asks the forge for it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
