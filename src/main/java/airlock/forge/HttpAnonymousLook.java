package airlock.forge;

import airlock.config.ForgeConfig;
import airlock.forge.ApiRefusal.RetryTime;
import airlock.forge.ForgeApi.Outcome;
import airlock.forge.JsonFields.MalformedBodyException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/// Sends `GET /repos/OWNER/NAME` without a token to Gitea, Forgejo and GitHub (docs.gitea.com
/// "API", docs.github.com "Get a repository"). GitHub answers 60 such requests an hour.
public final class HttpAnonymousLook implements AnonymousLook {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /// The wait for a rate limit without a time.
    private static final Duration UNTOLD_PAUSE = Duration.ofMinutes(5);

    private static final Set<String> WANTED = Set.of("id", "private", "internal");

    private final ForgeApi api;
    private final InstantSource clock;

    public HttpAnonymousLook(ForgeConfig forge, InstantSource clock) {
        this(forge, clock, LIMIT);
    }

    /// @param limit how long one request may take
    HttpAnonymousLook(ForgeConfig forge, InstantSource clock, Duration limit) {
        this.api = ForgeApi.anonymous(forge, limit);
        this.clock = clock;
    }

    @Override
    public Answer look(ForgeRepository repository) {
        return switch (api.get(api.url("repos/" + repository.fullName()).build())) {
            case Outcome.Answered answer when answer.status() == 200 -> read(answer, repository);
            case Outcome.Answered answer -> other(answer);
            case Outcome.Failed(String reason, _) -> unclear(reason, Duration.ZERO);
        };
    }

    /// Checks the id: another public repository may have the name by now.
    private Answer read(Outcome.Answered answer, ForgeRepository repository) {
        try {
            var fields = JsonFields.read(answer.body(), WANTED);
            if (!repository.id().id().equals(Long.toString(fields.id("id")))) {
                return new Answer.Hidden(
                        "the name %s is another repository's at forge '%s' by now"
                                .formatted(repository.fullName(), api.name()));
            }
            return fields.flag("private") || fields.flag("internal")
                    ? new Answer.Hidden("the forge calls it private")
                    : new Answer.Shown();
        } catch (MalformedBodyException e) {
            return unclear("no readable answer: " + e.getMessage(), Duration.ZERO);
        }
    }

    private Answer other(Outcome.Answered answer) {
        var told = RetryTime.of(answer.headers(), clock.instant());
        int status = answer.status();
        boolean limited = status == 429 || (status == 403 && told.isPresent());
        return limited || status >= 500 || status == 408 || status == 425
                ? unclear(
                        "it answered " + status,
                        told.orElse(limited ? UNTOLD_PAUSE : Duration.ZERO))
                : new Answer.Hidden("forge '%s' answered %d".formatted(api.name(), status));
    }

    private Answer unclear(String why, Duration pause) {
        return new Answer.Unclear("forge '%s': %s".formatted(api.name(), why), pause);
    }
}
