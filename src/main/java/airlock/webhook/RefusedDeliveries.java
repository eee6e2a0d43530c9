package airlock.webhook;

import airlock.text.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Log lines about refused deliveries. Anyone can send those, so it writes at most one line per
/// [#EVERY], with the number of those left out.
final class RefusedDeliveries {
    static final Duration EVERY = Duration.ofSeconds(10);
    private static final int LONGEST = 200;

    private final InstantSource clock;
    private Instant next = Instant.MIN;
    private long silent;

    RefusedDeliveries(InstantSource clock) {
        this.clock = clock;
    }

    /// The line to log; empty if the last one was written less than [#EVERY] ago.
    ///
    /// @param hook the path of the request, which a stranger may have made up
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
