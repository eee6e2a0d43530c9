package airlock.forge;

import airlock.base.Json;
import airlock.forge.ApiFailure.Scope;
import airlock.forge.ForgeApi.Outcome;
import airlock.text.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;
import tools.jackson.databind.JsonNode;

/// Interprets answers other than 2xx.
final class ApiRefusal {
    /// The wait for a rate limit without a time.
    private static final Duration UNTOLD_LIMIT = Duration.ofMinutes(1);

    private static final int LONGEST_MESSAGE = 200;
    private static final String LOOK = "look at the repository's page at the forge";
    private final ForgeApi api;
    private final InstantSource clock;

    ApiRefusal(ForgeApi api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    enum Access {
        READ("read"),
        WRITE("write to");

        private final String verb;

        Access(String verb) {
            this.verb = verb;
        }
    }

    ApiFailure of(Outcome.Answered answer, ForgeRepository repository, Access access) {
        String reason = reason(answer);
        Optional<Duration> told = RetryTime.of(answer.headers(), clock.instant());
        Duration wait = told.orElse(Duration.ZERO);
        return switch (answer.status()) {
            case 301, 302, 307, 308 -> renamed(repository, reason);
            case 408, 425 -> new ApiFailure.Retry(wait, reason);
            case 429 -> new ApiFailure.Retry(told.orElse(UNTOLD_LIMIT), reason);
            case 403 -> {
                // GitHub reports rate limits as 403 too; any other 403 is a missing permission
                boolean limited = reason.toLowerCase(Locale.ROOT).contains("rate limit");
                yield told.isPresent() || limited
                        ? new ApiFailure.Retry(told.orElse(UNTOLD_LIMIT), reason)
                        : repository(
                                reason + hint(403, access),
                                api.forge().traits().advice().grantWriting());
            }
            case 401 ->
                    new ApiFailure.Refused(
                            Scope.CREDENTIAL,
                            reason + hint(401, access),
                            "put a valid token where `token` of forge '%s' points, and restart Airlock"
                                    .formatted(api.name()));
            case 404 ->
                    repository(
                            reason + hint(404, access),
                            "check that the repository is still there, and "
                                    + api.forge().traits().advice().grantWriting());
            // about this request only, not about its sender
            case 400, 409, 413, 414, 422 -> new ApiFailure.GaveUp(reason);
            case 500 -> new ApiFailure.Retry(wait, reason, true);
            default ->
                    answer.status() > 500
                            ? new ApiFailure.Retry(wait, reason)
                            : repository(reason, LOOK);
        };
    }

    private static ApiFailure repository(String reason, String cure) {
        return new ApiFailure.Refused(Scope.REPOSITORY, reason, cure);
    }

    /// Asks for the repository's new name by its id. A redirect is not followed: it would turn a
    /// POST into a GET and take the token anywhere.
    ApiFailure renamed(ForgeRepository repository, String reason) {
        var url = api.url("repositories").addPathSegment(repository.id().id()).build();
        return switch (api.get(url)) {
            case Outcome.Failed(String why, _) -> new ApiFailure.Retry(Duration.ZERO, why);
            case Outcome.Answered answer when answer.status() == 200 ->
                    named(Json.readOrMissing(answer.body()), repository);
            case Outcome.Answered answer when answer.status() >= 500 || answer.status() == 429 ->
                    new ApiFailure.Retry(
                            RetryTime.of(answer.headers(), clock.instant()).orElse(Duration.ZERO),
                            reason(answer));
            case Outcome.Answered answer ->
                    repository(
                            "%s; asked for the new name of repository %s: %s"
                                    .formatted(reason, repository.id(), reason(answer)),
                            LOOK);
        };
    }

    private ApiFailure named(JsonNode answer, ForgeRepository repository) {
        String name = Json.text(answer, "full_name");
        if (!answer.path("id").asString("").equals(repository.id().id())
                || name.equalsIgnoreCase(repository.fullName())) {
            return repository(
                    "forge '%s' redirects its API and says that repository %s is %s"
                            .formatted(api.name(), repository.id(), SafeText.line(name)),
                    "set its 'api' to where the redirect leads, and restart Airlock");
        }
        try {
            return new ApiFailure.Renamed(new ForgeRepository(repository.id(), name).fullName());
        } catch (IllegalArgumentException e) {
            return repository("the repository's new name: " + e.getMessage(), LOOK);
        }
    }

    /// The answer to `access` in words, with a likely cause.
    String explain(Outcome.Answered answer, Access access) {
        return reason(answer) + hint(answer.status(), access);
    }

    String reason(Outcome.Answered answer) {
        String message =
                SafeText.line(
                        Json.text(Json.readOrMissing(answer.body()), "message"), LONGEST_MESSAGE);
        return "forge '%s' answered %d%s"
                .formatted(
                        api.name(), answer.status(), message.isEmpty() ? "" : " (" + message + ")");
    }

    private static String hint(int status, Access access) {
        return switch (status) {
            case 401 -> "; its token is wrong or has expired";
            case 403 -> "; its token may not " + access.verb + " the repository";
            case 404 -> "; no such repository, or its token may not see it";
            default -> "";
        };
    }

    /// How long an answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110 §10.2.3),
    /// else GitHub's `x-ratelimit-reset` if `x-ratelimit-remaining` is 0 (docs.github.com, "Rate
    /// limits for the REST API").
    static final class RetryTime {
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
}
