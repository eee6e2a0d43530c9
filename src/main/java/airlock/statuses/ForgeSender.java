package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.forge.ApiFailure;
import airlock.forge.ForgeRepository;
import airlock.forge.StatusPoster;
import airlock.forge.StatusPoster.LatestAnswer;
import airlock.forge.StatusPoster.PostAnswer;
import airlock.statuses.OpenRows.OpenRow;
import airlock.store.Signal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends statuses to one forge. Senders share nothing, so a slow, limited or unreachable forge
/// delays no other.
final class ForgeSender {
    private static final Logger LOG = LoggerFactory.getLogger(ForgeSender.class);

    /// GitHub advises against concurrent writes (docs.github.com, "Best practices for using the
    /// REST API").
    private static final int MOST_AT_ONCE = 4;

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final Duration RECHECK = Duration.ofMinutes(2);
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    /// After [#BACKOFF], the wait is this fraction of a status's age: an hour after three days.
    private static final int SHARE_OF_AGE = 72;

    /// About two minutes of [#BACKOFF].
    static final int MOST_REFUSALS = 8;

    private static final Later UNSETTLED =
            new Later(Duration.ZERO, "its answer could not be kept", false, true);

    private static final int MOST_NAMES = 3;

    private final String forge;
    private final OpenRows rows;
    private final StatusPoster poster;
    private final Function<RepositoryId, Optional<ForgeRepository>> names;

    /// New names of repositories, until the server stops.
    private final Map<RepositoryId, String> renamed = new ConcurrentHashMap<>();

    private final InstantSource clock;
    private final Signal signal;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final Queue<OpenRow> unsettled = new ConcurrentLinkedQueue<>();

    /// The forge does not have a status and may accept it later.
    ///
    /// @param after how long the forge asked to wait; zero if it named no time
    /// @param mayBePermanent try a few times only
    /// @param asksFirst an earlier attempt may have arrived
    record Later(Duration after, String reason, boolean mayBePermanent, boolean asksFirst) {}

    /// @param names the configured names
    ForgeSender(
            String forge,
            OpenRows rows,
            StatusPoster poster,
            Function<RepositoryId, Optional<ForgeRepository>> names,
            InstantSource clock,
            Signal signal) {
        this.forge = forge;
        this.rows = rows;
        this.poster = poster;
        this.names = names;
        this.clock = clock;
        this.signal = signal;
    }

    int sendDue() {
        int sent = 0;
        for (var row = rows.take(forge); row.isPresent(); row = rows.take(forge)) {
            send(row.get());
            sent++;
        }
        return sent;
    }

    /// Sends several contexts concurrently until `threads` is shut down.
    void serve(ExecutorService threads) throws InterruptedException {
        while (!threads.isShutdown()) {
            long heard = signal.count();
            free.acquire();
            boolean started = false;
            try {
                started = startOne(threads);
            } catch (RejectedExecutionException e) {
                LOG.debug("stopped with a status taken; the next start asks for it", e);
            } catch (RuntimeException e) {
                LOG.error("looking for statuses for forge '{}' failed; trying again", forge, e);
            } finally {
                if (!started) {
                    free.release();
                }
            }
            if (!started) {
                signal.await(heard, POLL);
            }
        }
    }

    private boolean startOne(ExecutorService threads) {
        for (var row = unsettled.peek(); row != null; row = unsettled.peek()) {
            rows.later(row, UNSETTLED, Duration.ZERO);
            unsettled.remove();
        }
        var row = rows.take(forge);
        row.ifPresent(taken -> threads.execute(() -> sendOne(taken)));
        return row.isPresent();
    }

    private void sendOne(OpenRow row) {
        try {
            send(row);
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("request", row.request())
                    .setCause(e)
                    .log("status {} at '{}' is in doubt", row.called(), forge);
            unsettled.add(row);
        } finally {
            free.release();
            signal.raise();
        }
    }

    private void send(OpenRow row) {
        var configured = names.apply(row.repository());
        if (configured.isEmpty()) {
            giveUp(row, "the repository is not in the configuration any more");
            return;
        }
        for (int i = 0; i < MOST_NAMES; i++) {
            String name = renamed.getOrDefault(row.repository(), configured.get().fullName());
            var other = once(row, new ForgeRepository(row.repository(), name));
            if (other.isEmpty()) {
                return;
            }
            renamed.put(row.repository(), other.get());
        }
        String reason = "the forge gave a new name for the repository " + MOST_NAMES + " times";
        later(row, new Later(Duration.ZERO, reason, true, row.asksFirst()));
    }

    /// Settles the row, unless the repository was renamed; returns the new name.
    private Optional<String> once(OpenRow row, ForgeRepository repository) {
        var status = row.status();
        if (!row.asksFirst()) {
            return post(row, repository, false);
        }
        switch (poster.latest(repository, status.commit(), status.context())) {
            case LatestAnswer.Found found when poster.shows(found, status) ->
                    rows.sent(row, false, RECHECK);
            // if the forge does not say, twice is better than never
            case LatestAnswer.Found _,
                    LatestAnswer.None _,
                    ApiFailure.GaveUp _,
                    ApiFailure.Refused _ -> {
                return post(row, repository, true);
            }
            case ApiFailure.Retry(Duration after, String reason, _) ->
                    later(row, new Later(after, reason, false, true));
            case ApiFailure.Renamed(String name) -> {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private Optional<String> post(OpenRow row, ForgeRepository repository, boolean again) {
        switch (poster.post(repository, row.status())) {
            case PostAnswer.Posted _ -> rows.sent(row, again, RECHECK);
            case ApiFailure.Retry(Duration after, String reason, boolean mayBePermanent) ->
                    later(row, new Later(after, reason, mayBePermanent, again));
            case ApiFailure.Refused refused -> refused(row, refused, again);
            case ApiFailure.GaveUp(String reason) -> {
                giveUp(row, reason);
                rows.over(row);
            }
            case ApiFailure.Renamed(String name) -> {
                return Optional.of(name);
            }
            case PostAnswer.Unknown(String reason) ->
                    later(row, new Later(Duration.ZERO, reason, false, true));
        }
        return Optional.empty();
    }

    private void refused(OpenRow row, ApiFailure.Refused answer, boolean asksFirst) {
        rows.refused(row, answer, poster.credential(), asksFirst)
                .ifPresent(
                        pause ->
                                LOG.warn(
                                        "{}; statuses of {} wait, and one is tried at {}: {}",
                                        answer.reason(),
                                        pause.scope(),
                                        pause.until(),
                                        answer.cure()));
    }

    private void later(OpenRow row, Later later) {
        if (later.mayBePermanent()
                && row.tries().refusals() + 1 >= MOST_REFUSALS
                && rows.hasNewer(row)) {
            // so that the newer state of the context can be sent
            giveUp(row, later.reason() + ", " + MOST_REFUSALS + " times");
        } else {
            LOG.atInfo()
                    .addKeyValue("request", row.request())
                    .log("status {} waits for forge '{}': {}", row.called(), forge, later.reason());
            rows.later(row, later, later.after().isPositive() ? later.after() : delay(row));
        }
    }

    /// Minutes at first; after days, once an hour and then less.
    private Duration delay(OpenRow row) {
        Duration delay = BACKOFF.after(row.tries().count());
        Duration grown = Duration.between(row.made(), clock.instant()).dividedBy(SHARE_OF_AGE);
        if (delay.compareTo(BACKOFF.ceiling()) < 0 || grown.compareTo(delay) <= 0) {
            return delay;
        }
        return grown.compareTo(LONGEST) < 0 ? grown : LONGEST;
    }

    private void giveUp(OpenRow row, String reason) {
        LOG.atWarn()
                .addKeyValue("request", row.request())
                .log(
                        "status {} ({}) of commit {} in {} is given up: {}",
                        row.status().context(),
                        row.status().state().word(),
                        row.status().commit(),
                        row.repository(),
                        reason);
        rows.givenUp(row, reason);
    }

    /// The wait before the next attempt: doubles each time, up to `ceiling`.
    record Backoff(Duration first, Duration ceiling) {
        private static final int MOST_DOUBLINGS = 40;

        /// @param attempts so far, from 1
        Duration after(int attempts) {
            int doublings = Math.clamp(attempts - 1L, 0, MOST_DOUBLINGS);
            if (first.toMillis() > ceiling.toMillis() >> doublings) {
                return ceiling;
            }
            return Duration.ofMillis(first.toMillis() << doublings);
        }
    }
}
