package airlock.forge;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import okhttp3.Headers;

/// How long an answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), else
/// GitHub's `x-ratelimit-reset` where `x-ratelimit-remaining` is 0 (docs.github.com, "Rate limits
/// for the REST API").
final class RetryTime {
    /// The name under which [ForgeApi] hands on `Retry-After`.
    static final String HEADER = "X-Airlock-Retry-After";

    private static final Duration LONGEST = Duration.ofHours(6);

    private RetryTime() {}

    /// The wait, from zero to six hours; empty where the answer does not say.
    static Optional<Duration> of(Headers headers, Instant now) {
        Optional<Duration> told = text(headers, HEADER).flatMap(t -> retryAfter(t, now));
        return told.isPresent() ? told : reset(headers, now);
    }

    private static Optional<Duration> retryAfter(String text, Instant now) {
        if (isNumber(text)) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(text))));
        }
        try {
            Instant date =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(bounded(Duration.between(now, date)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> reset(Headers headers, Instant now) {
        if (!text(headers, "x-ratelimit-remaining").equals(Optional.of("0"))) {
            return Optional.empty();
        }
        return text(headers, "x-ratelimit-reset")
                .filter(RetryTime::isNumber)
                .map(t -> bounded(Duration.between(now, Instant.ofEpochSecond(Long.parseLong(t)))));
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,11}");
    }

    private static Optional<String> text(Headers headers, String name) {
        return Optional.ofNullable(headers.get(name)).map(String::strip);
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
