package airlock.sweep;

import airlock.base.Loops;
import airlock.event.RepositoryId;
import airlock.event.StateChange;
import airlock.forge.ChangeLister;
import airlock.forge.ForgeRepository;
import airlock.queue.Findings;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.Sweeps;
import airlock.queue.Sweeps.Half;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.store.Database;
import airlock.store.Listener;
import airlock.store.Signal;
import airlock.sweep.ChangeSweep.ForgeRests;
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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares repositories with their forges at start, regularly, soon after claims, and when a
/// person asks for it.
///
/// **Threads**: one for each forge, so that a forge that hangs delays no other; [#sweep] runs on
/// the caller's. **Failures**: of one repository affect no other; each is logged when it begins,
/// changes and ends, and recorded in [Sweeps]. **Limits**: after a failure the wait doubles, up to
/// an hour.
public final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /// The longest wait that a forge may ask for.
    private static final Duration LONGEST_PAUSE = Duration.ofHours(7);

    private static final int MOST_DOUBLINGS = 6;

    private final Parts parts;
    private final Sweeps sweeps;
    private final RefSweep refs;
    private final ChangeSweep changes;
    private final Duration every;
    private final RandomGenerator random;
    private final Map<RepositoryId, ReentrantLock> locks = new ConcurrentHashMap<>();

    /// Repositories that have a row in the database.
    private final Set<RepositoryId> known = ConcurrentHashMap.newKeySet();

    private final Loops loops = new Loops();

    /// The result of sweeping one repository.
    ///
    /// @param requests how many it caused
    /// @param first whether it only recorded the state, in at least one half
    /// @param problem what stopped it, in one line; empty if everything was compared
    public record Report(int requests, boolean first, String problem, Duration took) {}

    /// The parts it works with.
    ///
    /// @param listener called for requests that begin or end
    /// @param listers by the forge's name in the configuration
    /// @param reports called after each sweep
    public record Parts(
            Database database,
            Listener<StateChange> listener,
            SourceFetcher fetcher,
            Map<String, ChangeLister> listers,
            Supplier<List<SweepTarget>> targets,
            Signal signal,
            Consumer<Report> reports,
            InstantSource clock) {}

    /// @param every the interval of regular sweeps, give or take a tenth
    public Sweeper(Parts parts, Duration every, RandomGenerator random) {
        this.parts = parts;
        this.sweeps = new Sweeps(parts.database(), parts.clock());
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

    /// Sweeps the due repositories one by one; returns how many requests that caused.
    public int runOnce() throws InterruptedException {
        return sweepDue(parts.targets().get());
    }

    /// Sweeps all repositories now, and then the due ones, until [#close()].
    public void start() {
        sweeps.askForAll();
        for (String forge : parts.listers().keySet()) {
            loops.every(POLL, "sweep-" + forge, () -> sweepDue(of(forge)));
        }
    }

    private List<SweepTarget> of(String forge) {
        return parts.targets().get().stream()
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

    /// Times beyond `furthest` were set before the clock was set back, so they count as over.
    private boolean isOver(Instant time, Duration furthest) {
        Instant now = now();
        return !time.isAfter(now) || time.isAfter(now.plus(furthest));
    }

    public Report sweep(SweepTarget target) throws InterruptedException {
        return sweep(target, true);
    }

    private Report sweep(SweepTarget target, boolean byHand) throws InterruptedException {
        var lock = locks.computeIfAbsent(target.id(), _ -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            return locked(target, byHand);
        } finally {
            lock.unlock();
        }
    }

    private Report locked(SweepTarget target, boolean byHand) throws InterruptedException {
        Instant start = now();
        var state = sweeps.of(target.id());
        if (byHand || isDueByClock(state)) {
            sweeps.began(target.id(), now().plus(jittered()));
        }
        int requests = 0;
        boolean first = false;
        for (var half : Half.values()) {
            if (byHand || isDue(state, half)) {
                boolean isFirst = state.of(half).swept().isEmpty();
                try {
                    requests += half(target, half, isFirst);
                    first |= isFirst;
                    compared(target, half, state.of(half));
                } catch (HinderedException e) {
                    requests += e.requests;
                    hindered(target, half, state.of(half), e);
                }
            }
        }
        found(target, requests);
        var report =
                new Report(
                        requests,
                        first,
                        sweeps.of(target.id()).problem(),
                        Duration.between(start, now()));
        parts.reports().accept(report);
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
            parts.signal().raise();
        }
    }

    /// Returns how many requests it caused.
    private int half(SweepTarget target, Half half, boolean first) throws InterruptedException {
        try {
            return switch (half) {
                case REFS -> refs.sweep(target, first);
                case CHANGES -> changes.sweep(target, first);
            };
        } catch (HinderedException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.debug("sweeping the {} of {} broke", half, target.id(), e);
            throw new HinderedException(String.valueOf(e.getMessage()));
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
            SweepTarget target, Half half, Sweeps.HalfState before, HinderedException hindered) {
        String why = SafeText.line(String.valueOf(hindered.getMessage()));
        Duration wait = hindered.pause.isPositive() ? hindered.pause : backoff(before.failures());
        if (!why.equals(before.problem())) {
            LOG.atWarn()
                    .addKeyValue("repository", target.id())
                    .log("the {} can't be compared: {}", word(half), why);
        }
        sweeps.hindered(target.id(), half, why, now().plus(wait));
    }

    private static Duration backoff(int failures) {
        var wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private Instant now() {
        return parts.clock().instant();
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

    @Override
    public void close() {
        loops.close();
    }

    /// A repository to compare with its forge.
    public record SweepTarget(
            ForgeRepository repository, RemoteRepository remote, IntakePolicy policy) {
        RepositoryId id() {
            return repository.id();
        }

        String forge() {
            return id().forge();
        }
    }

    /// One half of a sweep stopped early; the message is one line for people.
    static final class HinderedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Duration pause;
        private final int requests;

        /// @param pause the least wait; zero if the forge named none
        /// @param requests how many it caused before
        HinderedException(String why, Duration pause, int requests) {
            super(why);
            this.pause = pause;
            this.requests = requests;
        }

        HinderedException(String why) {
            this(why, Duration.ZERO, 0);
        }

        HinderedException after(int requests) {
            return new HinderedException(String.valueOf(getMessage()), pause, requests);
        }
    }
}
