package airlock.forge;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.Headers;

/// How long an answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), else
/// GitHub's `x-ratelimit-reset` if `x-ratelimit-remaining` is 0 (docs.github.com, "Rate limits for
/// the REST API").
final class RetryTime {
    /// The name to which [ForgeApi] changes `Retry-After`.
    static final String HEADER = "X-Airlock-Retry-After";

    private static final Duration LONGEST = Duration.ofHours(6);

    private RetryTime() {}

    /// The wait, from zero to six hours; empty if the answer names none.
    static Optional<Duration> of(Headers headers, Instant now) {
        return ForgeApi.number(headers, HEADER)
                .map(now::plusSeconds)
                .or(() -> Optional.ofNullable(headers.getInstant(HEADER)))
                .or(() -> reset(headers))
                .map(until -> bounded(Duration.between(now, until)));
    }

    private static Optional<Instant> reset(Headers headers) {
        return ForgeApi.number(headers, "x-ratelimit-remaining")
                .filter(left -> left == 0)
                .flatMap(_ -> ForgeApi.number(headers, "x-ratelimit-reset"))
                .map(Instant::ofEpochSecond);
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
