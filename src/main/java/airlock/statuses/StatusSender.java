package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.forge.ForgeRepository;
import airlock.forge.StatusPoster;
import airlock.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the statuses of the [Outbox] to the forges: at least once, in order per commit and
/// context, several contexts concurrently.
///
/// **Ownership**: the only sender of its database. If the last one died while sending, the forge is
/// asked whether the status arrived. **Failures**: never thrown; each status is retried or given
/// up, as its row and the log say. **Limits**: four concurrent requests per forge.
public final class StatusSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusSender.class);
    private static final long GRACE_SECONDS = 5;

    private final List<ForgeSender> senders;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("statuses-", 0).factory());

    /// @param posters by the forge's name in the configuration
    /// @param names the configured name of a repository, empty if it is not configured any more
    public StatusSender(
            Database database,
            Outbox outbox,
            InstantSource clock,
            Map<String, StatusPoster> posters,
            Function<RepositoryId, Optional<ForgeRepository>> names) {
        var rows = new OpenRows(database, clock);
        rows.recover();
        int abandoned = rows.abandon(posters.keySet());
        if (abandoned > 0) {
            LOG.warn("{} statuses are for forges that are not configured any more", abandoned);
        }
        posters.forEach((forge, poster) -> rows.begin(forge, poster.credential()));
        this.senders =
                posters.entrySet().stream()
                        .map(
                                forge ->
                                        new ForgeSender(
                                                forge.getKey(),
                                                rows,
                                                forge.getValue(),
                                                names,
                                                clock,
                                                outbox.signal()))
                        .toList();
    }

    /// Sends the due statuses one by one; returns how many it tried.
    public int runOnce() {
        return senders.stream().mapToInt(ForgeSender::sendDue).sum();
    }

    public void start() {
        for (ForgeSender sender : senders) {
            threads.execute(
                    () -> {
                        try {
                            sender.serve(threads);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
    }

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
