package airlock.forge;

import airlock.base.Json;
import airlock.forge.ForgeApi.Outcome;
import airlock.forge.PostAnswer.Scope;
import airlock.text.SafeText;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What an answer other than 2xx means for whoever asked.
final class ApiRefusal {
    private static final Duration UNTOLD_LIMIT = Duration.ofMinutes(1);
    private static final int LONGEST_MESSAGE = 200;
    private static final String LOOK = "look at the repository's page at the forge";
    private final ForgeApi api;
    private final InstantSource clock;

    ApiRefusal(ForgeApi api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    /// What was tried.
    enum Access {
        READ("read"),
        WRITE("write to");

        private final String verb;

        Access(String verb) {
            this.verb = verb;
        }
    }

    /// Never [PostAnswer.Posted] or [PostAnswer.Unknown].
    PostAnswer of(Outcome.Answered answer, ForgeRepository repository, Access access) {
        String reason = reason(answer);
        Optional<Duration> told = RetryTime.of(answer.headers(), clock.instant());
        Duration wait = told.orElse(Duration.ZERO);
        return switch (answer.status()) {
            case 301, 302, 307, 308 -> renamed(repository, reason);
            case 408, 425 -> new PostAnswer.Retry(wait, reason, false);
            case 429 -> new PostAnswer.Retry(told.orElse(UNTOLD_LIMIT), reason, false);
            case 403 -> {
                // GitHub's limits come as 403 too; without their marks it is a missing permission
                boolean limited = reason.toLowerCase(Locale.ROOT).contains("rate limit");
                yield told.isPresent() || limited
                        ? new PostAnswer.Retry(told.orElse(UNTOLD_LIMIT), reason, false)
                        : repository(reason + hint(403, access), api.forge().howToGrantWriting());
            }
            case 401 ->
                    new PostAnswer.Refused(
                            Scope.CREDENTIAL,
                            reason + hint(401, access),
                            "put a valid token where `token` of forge '%s' points, and restart Airlock"
                                    .formatted(api.name()));
            case 404 ->
                    repository(
                            reason + hint(404, access),
                            "check that the repository is still there, and "
                                    + api.forge().howToGrantWriting());
            // about this one request, not about who sent it
            case 400, 409, 413, 414, 422 -> new PostAnswer.GaveUp(reason);
            case 500 -> new PostAnswer.Retry(wait, reason, true);
            default ->
                    answer.status() > 500
                            ? new PostAnswer.Retry(wait, reason, false)
                            : repository(reason, LOOK);
        };
    }

    private static PostAnswer repository(String reason, String cure) {
        return new PostAnswer.Refused(Scope.REPOSITORY, reason, cure);
    }

    /// A redirect means another name. It is not followed, since a POST would become a GET and a
    /// token would go wherever it points; the forge is asked for the name by the id instead.
    PostAnswer renamed(ForgeRepository repository, String reason) {
        var url = api.url("repositories").addPathSegment(repository.id().id()).build();
        return switch (api.get(url)) {
            case Outcome.NotSent(String why) -> new PostAnswer.Retry(Duration.ZERO, why, false);
            case Outcome.NoAnswer(String why) -> new PostAnswer.Retry(Duration.ZERO, why, false);
            case Outcome.Answered answer when answer.status() == 200 ->
                    named(Json.readOrMissing(answer.body()), repository);
            case Outcome.Answered answer when answer.status() >= 500 || answer.status() == 429 ->
                    new PostAnswer.Retry(
                            RetryTime.of(answer.headers(), clock.instant()).orElse(Duration.ZERO),
                            reason(answer),
                            false);
            case Outcome.Answered answer ->
                    repository(
                            reason
                                    + "; asked for the new name of repository "
                                    + repository.id()
                                    + ": "
                                    + reason(answer),
                            LOOK);
        };
    }

    private PostAnswer named(JsonNode answer, ForgeRepository repository) {
        String name = Json.text(answer, "full_name");
        if (!answer.path("id").asString("").equals(repository.id().id())
                || name.equalsIgnoreCase(repository.fullName())) {
            return repository(
                    "forge '%s' redirects its API and says that repository %s is %s"
                            .formatted(api.name(), repository.id(), SafeText.line(name)),
                    "set its 'api' to where the redirect leads, and restart Airlock");
        }
        try {
            return new PostAnswer.Renamed(new ForgeRepository(repository.id(), name).fullName());
        } catch (IllegalArgumentException e) {
            return repository("the repository's new name: " + e.getMessage(), LOOK);
        }
    }

    /// What an answer to `access` means in words.
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
}
