package airlock.app;

import airlock.text.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Words for the log about deliveries that were refused: anybody can send those, so there is one
/// line in [#EVERY] at most, and it counts the others.
final class RefusedDeliveries {
    static final Duration EVERY = Duration.ofSeconds(10);
    private static final int LONGEST = 200;

    private final InstantSource clock;
    private Instant next = Instant.MIN;
    private long silent;

    RefusedDeliveries(InstantSource clock) {
        this.clock = clock;
    }

    /// The line about one more; empty if the last line was too short a time ago.
    ///
    /// @param hook the hook's path as it was asked for, which a stranger may have made up
    synchronized Optional<String> line(String hook, String why) {
        Instant now = clock.instant();
        if (now.isBefore(next) && next.isBefore(now.plus(EVERY).plusMillis(1))) {
            silent++;
            return Optional.empty();
        }
        String more = silent == 0 ? "" : "; %,d more since the last such line".formatted(silent);
        next = now.plus(EVERY);
        silent = 0;
        return Optional.of(
                "a delivery for %s was refused: %s%s"
                        .formatted(
                                SafeText.line(hook, LONGEST), SafeText.line(why, LONGEST), more));
    }
}
