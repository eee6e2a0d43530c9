package airlock.statuses;

import airlock.forge.ApiFailure;
import airlock.statuses.OpenRows.OpenRow;
import airlock.statuses.StatusAttempts.Result;
import airlock.store.Bell;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
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

    private static final Result.Later UNSETTLED =
            new Result.Later(Duration.ZERO, "its answer could not be kept", false, true);

    private final String forge;
    private final OpenRows rows;
    private final StatusAttempts attempts;
    private final InstantSource clock;
    private final Bell bell;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final Queue<OpenRow> unsettled = new ConcurrentLinkedQueue<>();

    ForgeSender(
            String forge, OpenRows rows, StatusAttempts attempts, InstantSource clock, Bell bell) {
        this.forge = forge;
        this.rows = rows;
        this.attempts = attempts;
        this.clock = clock;
        this.bell = bell;
    }

    int sendDue() {
        int sent = 0;
        for (var row = rows.take(forge); row.isPresent(); row = rows.take(forge)) {
            settle(row.get(), attempts.of(row.get()));
            sent++;
        }
        return sent;
    }

    /// Sends several contexts concurrently until `threads` is shut down.
    void serve(ExecutorService threads) throws InterruptedException {
        while (!threads.isShutdown()) {
            long heard = bell.count();
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
                bell.await(heard, POLL);
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
            settle(row, attempts.of(row));
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("request", row.request())
                    .setCause(e)
                    .log("status {} at '{}' is in doubt", row.called(), forge);
            unsettled.add(row);
        } finally {
            free.release();
            bell.ring();
        }
    }

    private void settle(OpenRow row, Result result) {
        switch (result) {
            case Result.Sent(boolean repeated) -> rows.sent(row, repeated, RECHECK);
            case Result.GivenUp(String reason, boolean answered) -> {
                giveUp(row, reason);
                if (answered) {
                    rows.over(row);
                }
            }
            case Result.Refused(var answer, boolean asksFirst) -> refused(row, answer, asksFirst);
            case Result.Later later -> later(row, later);
            case Result.Renamed renamed ->
                    throw new IllegalStateException("not a final result: " + renamed);
        }
    }

    private void refused(OpenRow row, ApiFailure.Refused answer, boolean asksFirst) {
        rows.refused(row, answer, attempts.credential(), asksFirst)
                .ifPresent(
                        pause ->
                                LOG.warn(
                                        "{}; statuses of {} wait, and one is tried at {}: {}",
                                        answer.reason(),
                                        pause.scope(),
                                        pause.until(),
                                        answer.cure()));
    }

    private void later(OpenRow row, Result.Later later) {
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
