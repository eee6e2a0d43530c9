package airlock.sweep;

import airlock.store.Database;
import airlock.store.ForgePauses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// When forges' APIs are left alone: because they asked for it, which holds for statuses too, or
/// because little is left of an allowance, and statuses come first.
final class ForgeRests {
    private final Database database;
    private final InstantSource clock;
    private final Map<String, Instant> scarce = new ConcurrentHashMap<>();

    ForgeRests(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// How long `forge` is still to be left alone, and why; empty where it is not.
    Optional<Outcome.Hindered> of(String forge) {
        Instant now = clock.instant();
        return database.read(handle -> ForgePauses.until(handle, forge, now))
                .map(until -> hindered("forge '" + forge + "' asked for a pause", now, until))
                .or(
                        () ->
                                Optional.ofNullable(scarce.get(forge))
                                        .filter(now::isBefore)
                                        .map(
                                                until ->
                                                        hindered(
                                                                "what is left of the allowance at forge '"
                                                                        + forge
                                                                        + "' is kept for statuses",
                                                                now,
                                                                until)));
    }

    private static Outcome.Hindered hindered(String why, Instant now, Instant until) {
        return new Outcome.Hindered(0, why, Duration.between(now, until));
    }

    /// `forge` asked to wait.
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

    /// Little is left of the allowance at `forge`, if `until` is given.
    void spare(String forge, Optional<Instant> until) {
        until.ifPresent(time -> scarce.put(forge, time));
    }
}
