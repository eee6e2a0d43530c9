package airlock.sweep;

import airlock.event.RepositoryId;
import airlock.forge.ApiFailure;
import airlock.forge.ChangeLister;
import airlock.forge.ChangeLister.ChangesAnswer;
import airlock.forge.ForgeRepository;
import airlock.queue.Findings;
import airlock.store.Database;
import airlock.store.ForgePauses;
import airlock.sweep.ChangeWalk.OpenPages;
import airlock.sweep.Sweeper.HinderedException;
import airlock.sweep.Sweeper.SweepTarget;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Compares the open change requests of the forge's API with the recorded ones. If it is stopped,
/// the next sweep continues from there.
final class ChangeSweep {
    private static final int MOST_NAMES = 3;
    private static final Duration WORTH_GOING_ON = Duration.ofHours(2);

    private final Findings findings;
    private final Map<String, ChangeLister> listers;
    private final ForgeRests rests;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final OpenPages pages = new OpenPages();
    private final Map<RepositoryId, ChangeWalk> stopped = new ConcurrentHashMap<>();
    private final Map<RepositoryId, String> renamed = new ConcurrentHashMap<>();

    ChangeSweep(
            Findings findings,
            Map<String, ChangeLister> listers,
            ForgeRests rests,
            InstantSource clock,
            RandomGenerator random) {
        this.findings = findings;
        this.listers = Map.copyOf(listers);
        this.rests = rests;
        this.clock = clock;
        this.random = random;
    }

    /// Compares the change requests of one repository.
    ///
    /// @param first whether unknown change requests are recorded instead of tested
    /// @return how many requests it caused
    int sweep(SweepTarget target, boolean first) {
        var lister = listers.get(target.forge());
        if (lister == null) {
            throw new HinderedException("forge '" + target.forge() + "' is not configured");
        }
        var walk =
                Optional.ofNullable(stopped.remove(target.id()))
                        .filter(w -> w.isFirst() == first)
                        .filter(w -> w.began().plus(WORTH_GOING_ON).isAfter(clock.instant()))
                        .orElseGet(
                                () ->
                                        new ChangeWalk(
                                                target,
                                                first,
                                                findings,
                                                pages,
                                                rests,
                                                clock.instant()));
        try {
            return walk.go(new Asking(lister, target), random);
        } catch (HinderedException e) {
            if (walk.canGoOn()) {
                stopped.put(target.id(), walk);
            }
            throw e;
        }
    }

    final class Asking {
        private final ChangeLister lister;
        private final SweepTarget target;

        private Asking(ChangeLister lister, SweepTarget target) {
            this.lister = lister;
            this.target = target;
        }

        ChangesAnswer open(int page, String etag) {
            return named(repository -> lister.open(repository, page, etag));
        }

        ChangesAnswer one(long number) {
            return named(repository -> lister.one(repository, number));
        }

        ChangesAnswer check() {
            return named(lister::check);
        }

        private ChangesAnswer named(Function<ForgeRepository, ChangesAnswer> question) {
            for (int i = 0; i < MOST_NAMES; i++) {
                String name = renamed.getOrDefault(target.id(), target.repository().fullName());
                var answer = question.apply(new ForgeRepository(target.id(), name));
                if (!(answer instanceof ApiFailure.Renamed(String other))) {
                    return answer;
                }
                renamed.put(target.id(), other);
            }
            return new ApiFailure.GaveUp(
                    "the forge gave a new name for the repository " + MOST_NAMES + " times");
        }
    }

    /// When not to use forges' APIs: because they asked for a pause, which applies to statuses too,
    /// or because the rest of the rate limit is for statuses.
    static final class ForgeRests {
        private final Database database;
        private final InstantSource clock;
        private final Map<String, Instant> almostUsedUp = new ConcurrentHashMap<>();

        ForgeRests(Database database, InstantSource clock) {
            this.database = database;
            this.clock = clock;
        }

        /// Throws while `forge` must be left alone.
        void check(String forge) {
            Instant now = clock.instant();
            var asked = database.read(handle -> ForgePauses.until(handle, forge, now));
            if (asked.isPresent()) {
                String why = "forge '" + forge + "' asked for a pause";
                throw new HinderedException(why, Duration.between(now, asked.get()), 0);
            }
            var until = almostUsedUp.get(forge);
            if (until != null && now.isBefore(until)) {
                String why =
                        "what is left of the allowance at forge '"
                                + forge
                                + "' is kept for statuses";
                throw new HinderedException(why, Duration.between(now, until), 0);
            }
        }

        void asked(String forge, Duration wait) {
            if (wait.isPositive()) {
                Instant until = clock.instant().plus(wait);
                database.write(
                        handle -> {
                            ForgePauses.note(handle, forge, until);
                            return true;
                        });
            }
        }

        /// Notes that the rate limit of `forge` is almost used up, if `until` is present.
        void spare(String forge, Optional<Instant> until) {
            until.ifPresent(time -> almostUsedUp.put(forge, time));
        }
    }
}
