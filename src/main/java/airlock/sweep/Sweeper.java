package airlock.sweep;

import airlock.base.Loops;
import airlock.event.RepositoryId;
import airlock.event.StateChange;
import airlock.forge.ChangeLister;
import airlock.queue.Findings;
import airlock.queue.Sweeps;
import airlock.queue.Sweeps.Half;
import airlock.source.SourceFetcher;
import airlock.store.Bell;
import airlock.store.Database;
import airlock.store.Listener;
import airlock.text.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares repositories with their forges at start, by the clock, soon after claims, and when a
/// person asks.
///
/// **Threads**: one for each forge, so that a forge that hangs holds up no other; [#sweep] on the
/// caller's. **Failures**: of one repository stop no other; each is told once in the log when it
/// comes, changes and goes, and stands in [Sweeps]. **Limits**: a repository that fails waits
/// twice as long each time, up to an hour.
public final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /// No forge may ask for more.
    private static final Duration LONGEST_PAUSE = Duration.ofHours(7);

    private static final int MOST_DOUBLINGS = 6;

    private final Sweeps sweeps;
    private final SweepTargets targets;
    private final RefSweep refs;
    private final ChangeSweep changes;
    private final InstantSource clock;
    private final Consumer<SweepReport> reports;
    private final Duration every;
    private final RandomGenerator random;
    private final Set<String> forges;
    private final Bell bell;
    private final Map<RepositoryId, ReentrantLock> locks = new ConcurrentHashMap<>();

    /// Those that have a row, so that it is made once.
    private final Set<RepositoryId> known = ConcurrentHashMap.newKeySet();

    private final Loops loops = new Loops();

    /// What it works with.
    ///
    /// @param listener hears of requests that are made or ended
    /// @param listers by the forge's name in the configuration
    /// @param bell rung when there are new requests
    /// @param reports gets what came of each sweep
    public record Parts(
            Database database,
            Listener<StateChange> listener,
            SourceFetcher fetcher,
            Map<String, ChangeLister> listers,
            SweepTargets targets,
            Bell bell,
            Consumer<SweepReport> reports,
            InstantSource clock) {}

    /// @param every how often the clock alone asks for a sweep, a tenth more or less
    public Sweeper(Parts parts, Duration every, RandomGenerator random) {
        this.sweeps = new Sweeps(parts.database(), parts.clock());
        this.targets = parts.targets();
        this.bell = parts.bell();
        this.forges = parts.listers().keySet();
        this.clock = parts.clock();
        this.reports = parts.reports();
        this.every = every;
        this.random = random;
        var findings = new Findings(parts.database(), parts.clock(), parts.listener());
        this.refs = new RefSweep(parts.fetcher(), findings);
        this.changes =
                new ChangeSweep(
                        findings,
                        parts.listers(),
                        new ForgeRests(parts.database(), parts.clock()),
                        parts.clock(),
                        random);
    }

    /// Sweeps what is due now, one after another; returns how many requests that made.
    public int runOnce() throws InterruptedException {
        return sweepDue(targets.sweepTargets());
    }

    /// Sweeps all at once, and from now on what is due, until [#close()].
    public void start() {
        sweeps.askForAll();
        for (String forge : forges) {
            loops.every(POLL, "sweep-" + forge, () -> sweepDue(of(forge)));
        }
    }

    private List<SweepTarget> of(String forge) {
        return targets.sweepTargets().stream()
                .filter(target -> target.forge().equals(forge))
                .toList();
    }

    private int sweepDue(List<SweepTarget> some) throws InterruptedException {
        know(some);
        var twice = every.multipliedBy(2);
        var due = sweeps.due(twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE);
        int requests = 0;
        for (var target : due.isEmpty() ? List.<SweepTarget>of() : some) {
            var state = due.get(target.id());
            if (state != null && (isDue(state, Half.REFS) || isDue(state, Half.CHANGES))) {
                requests += sweep(target, false).requests();
            }
        }
        return requests;
    }

    private void know(List<SweepTarget> some) {
        var unknown = some.stream().map(SweepTarget::id).filter(id -> !known.contains(id)).toList();
        if (!unknown.isEmpty()) {
            sweeps.know(unknown);
            known.addAll(unknown);
        }
    }

    private boolean isDue(Sweeps.State state, Half half) {
        var at = state.of(half);
        return at.problem().isEmpty() ? isDueByClock(state) : isOver(at.notBefore(), LONGEST_PAUSE);
    }

    private boolean isDueByClock(Sweeps.State state) {
        return isOver(state.due(), every.multipliedBy(2));
    }

    /// A time that is further away than it can be was set before the clock was set back.
    private boolean isOver(Instant time, Duration furthest) {
        Instant now = clock.instant();
        return !time.isAfter(now) || time.isAfter(now.plus(furthest));
    }

    /// Sweeps one repository now, whatever the clock says.
    public SweepReport sweep(SweepTarget target) throws InterruptedException {
        return sweep(target, true);
    }

    private SweepReport sweep(SweepTarget target, boolean byHand) throws InterruptedException {
        var lock = locks.computeIfAbsent(target.id(), _ -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            return locked(target, byHand);
        } finally {
            lock.unlock();
        }
    }

    private SweepReport locked(SweepTarget target, boolean byHand) throws InterruptedException {
        Instant start = clock.instant();
        var state = sweeps.of(target.id());
        if (byHand || isDueByClock(state)) {
            sweeps.began(target.id(), clock.instant().plus(jittered()));
        }
        int requests = 0;
        boolean first = false;
        for (var half : Half.values()) {
            if (byHand || isDue(state, half)) {
                boolean isFirst = state.of(half).swept().isEmpty();
                switch (half(target, half, isFirst)) {
                    case Outcome.Compared(int made) -> {
                        requests += made;
                        first |= isFirst;
                        compared(target, half, state.of(half));
                    }
                    case Outcome.Hindered hindered -> {
                        requests += hindered.requests();
                        hindered(target, half, state.of(half), hindered);
                    }
                }
            }
        }
        found(target, requests);
        var report =
                new SweepReport(
                        requests,
                        first,
                        sweeps.of(target.id()).problem(),
                        Duration.between(start, clock.instant()));
        reports.accept(report);
        return report;
    }

    private void found(SweepTarget target, int requests) {
        if (requests > 0) {
            LOG.atInfo()
                    .addKeyValue("repository", target.id())
                    .log(
                            "{} requests that no webhook asked for, or that broke before they had a"
                                    + " run",
                            requests);
            bell.ring();
        }
    }

    private Outcome half(SweepTarget target, Half half, boolean first) throws InterruptedException {
        try {
            return switch (half) {
                case REFS -> refs.sweep(target, first);
                case CHANGES -> changes.sweep(target, first);
            };
        } catch (RuntimeException e) {
            LOG.debug("sweeping the {} of {} broke", half, target.id(), e);
            return new Outcome.Hindered(0, String.valueOf(e.getMessage()), Duration.ZERO);
        }
    }

    private void compared(SweepTarget target, Half half, Sweeps.HalfState before) {
        sweeps.compared(target.id(), half);
        if (before.swept().isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("repository", target.id())
                    .log("the {} are recorded; what changes from now on is found", word(half));
        } else if (!before.problem().isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("repository", target.id())
                    .log("the {} can be compared again", word(half));
        }
    }

    private void hindered(
            SweepTarget target, Half half, Sweeps.HalfState before, Outcome.Hindered hindered) {
        String why = SafeText.line(hindered.why());
        Duration wait =
                hindered.pause().isPositive() ? hindered.pause() : backoff(before.failures());
        if (!why.equals(before.problem())) {
            LOG.atWarn()
                    .addKeyValue("repository", target.id())
                    .log("the {} can't be compared: {}", word(half), why);
        }
        sweeps.hindered(target.id(), half, why, clock.instant().plus(wait));
    }

    private static Duration backoff(int failures) {
        var wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private Duration jittered() {
        return Duration.ofMillis(Math.round(every.toMillis() * (0.9 + random.nextDouble() / 5)));
    }

    private static String word(Half half) {
        return switch (half) {
            case REFS -> "branches and tags";
            case CHANGES -> "change requests";
        };
    }

    /// Stops; what a sweep has found so far is kept.
    @Override
    public void close() {
        loops.close();
    }
}
