package airlock.statuses;

import airlock.forge.PostAnswer;
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

/// The way to one forge. Lanes know nothing of each other, so that a forge that is slow, limited
/// or gone holds up no other.
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /// GitHub asks for few writes at once (docs.github.com, "Best practices for using the REST
    /// API").
    private static final int MOST_AT_ONCE = 4;

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final Duration RECHECK = Duration.ofMinutes(2);
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    /// After [#BACKOFF] a wait is this part of a status's age: an hour after three days.
    private static final int SHARE_OF_AGE = 72;

    /// About two minutes of [#BACKOFF].
    static final int MOST_REFUSALS = 8;

    private final String forge;
    private final OpenRows rows;
    private final Attempts attempts;
    private final InstantSource clock;
    private final Bell bell;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final Queue<OpenRow> unsettled = new ConcurrentLinkedQueue<>();

    Lane(String forge, OpenRows rows, Attempts attempts, InstantSource clock, Bell bell) {
        this.forge = forge;
        this.rows = rows;
        this.attempts = attempts;
        this.clock = clock;
        this.bell = bell;
    }

    /// Sends what is due, one after another; returns how many.
    int sendDue() {
        int sent = 0;
        for (var row = rows.take(forge); row.isPresent(); row = rows.take(forge)) {
            settle(row.get(), attempts.of(row.get()));
            sent++;
        }
        return sent;
    }

    /// Sends several contexts at once, until `threads` is shut down.
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
            rows.later(row, unknown("its answer could not be kept"), Duration.ZERO, Duration.ZERO);
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
                    .log("status {} of {} at '{}' is in doubt", row.context(), row.commit(), forge);
            unsettled.add(row);
        } finally {
            free.release();
            bell.ring();
        }
    }

    private void settle(OpenRow row, Attempt attempt) {
        switch (attempt) {
            case Attempt.Sent(boolean repeated) -> rows.sent(row, repeated, RECHECK);
            case Attempt.GivenUp(String reason, boolean answered) -> {
                giveUp(row, reason);
                if (answered) {
                    rows.over(row);
                }
            }
            case Attempt.Refused(var answer, boolean asksFirst) -> refused(row, answer, asksFirst);
            case Attempt.Later later -> later(row, later);
        }
    }

    private void refused(OpenRow row, PostAnswer.Refused answer, boolean asksFirst) {
        var pause = rows.refused(row, answer, attempts.credential(), asksFirst);
        pause.ifPresent(
                made ->
                        LOG.warn(
                                "{}; statuses of {} wait, and one is tried at {}: {}",
                                answer.reason(),
                                made.scope(),
                                made.until(),
                                answer.cure()));
    }

    private void later(OpenRow row, Attempt.Later later) {
        if (later.mayBePermanent() && row.refusals() + 1 >= MOST_REFUSALS && rows.hasNewer(row)) {
            // so that the newer state of the context has its turn
            giveUp(row, later.reason() + ", " + MOST_REFUSALS + " times");
        } else {
            Duration delay = delay(row);
            boolean told = later.after().isPositive();
            LOG.atInfo()
                    .addKeyValue("request", row.request())
                    .log(
                            "status {} of {} waits for forge '{}': {}",
                            row.context(),
                            row.commit(),
                            forge,
                            later.reason());
            rows.later(
                    row, later, told ? later.after() : delay, told ? later.after() : Duration.ZERO);
        }
    }

    /// Minutes at first; a forge that is away for days is asked once an hour, then less.
    private Duration delay(OpenRow row) {
        Duration delay = BACKOFF.after(row.attempts());
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
                        row.context(),
                        row.state().word(),
                        row.commit(),
                        row.repository(),
                        reason);
        rows.givenUp(row, reason);
    }

    private static Attempt.Later unknown(String reason) {
        return new Attempt.Later(Duration.ZERO, reason, false, true);
    }
}
