package airlock.sweep;

import airlock.store.Database;
import airlock.store.ForgePauses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// When not to use forges' APIs: because they asked for a pause, which applies to statuses too, or
/// because the rest of the rate limit is for statuses.
final class ForgeRests {
    private final Database database;
    private final InstantSource clock;
    private final Map<String, Instant> almostUsedUp = new ConcurrentHashMap<>();

    ForgeRests(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// How long `forge` must still be left alone, and why.
    Optional<Outcome.Hindered> of(String forge) {
        Instant now = clock.instant();
        return database.read(handle -> ForgePauses.until(handle, forge, now))
                .map(until -> hindered("forge '" + forge + "' asked for a pause", now, until))
                .or(
                        () ->
                                Optional.ofNullable(almostUsedUp.get(forge))
                                        .filter(now::isBefore)
                                        .map(until -> hindered(scarce(forge), now, until)));
    }

    private static String scarce(String forge) {
        return "what is left of the allowance at forge '" + forge + "' is kept for statuses";
    }

    private static Outcome.Hindered hindered(String why, Instant now, Instant until) {
        return new Outcome.Hindered(why, Duration.between(now, until));
    }

    /// Notes that `forge` asked to wait.
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
