package airlock.forge;

import airlock.base.Json;
import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.forge.ApiRefusal.Access;
import airlock.forge.ForgeApi.Outcome;
import airlock.forge.HttpRights.RightsAnswer.Cause;
import airlock.forge.HttpRights.RightsAnswer.Writing;
import airlock.text.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Finds out what Airlock's token may do with a repository.
///
/// `GET /repos/OWNER/NAME` shows the rights of the token's user, not those of the token
/// (docs.gitea.com "API", docs.github.com "Get a repository"). So it also posts a status for a
/// commit that does not exist: the forge checks the rights first and stores nothing (recordings 107
/// and 128 of Gitea 1.25.5).
///
/// **Failures**: none, each is an answer.
public final class HttpRights {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern BY_NAME = Pattern.compile(".*/repos/([\\w.-]+/[\\w.-]+)");
    private static final Pattern BY_ID = Pattern.compile(".*/repositories/([0-9]{1,19})");
    private static final Pattern NAME = Pattern.compile("[\\w.-]{1,200}/[\\w.-]{1,200}");
    private static final byte[] PROBE =
            Json.bytes(Map.of("state", "pending", "context", "airlock/doctor"));

    private final ForgeApi api;
    private final ApiRefusal refusal;

    public HttpRights(ForgeConfig forge, InstantSource clock) {
        this.api = new ForgeApi(forge, LIMIT);
        this.refusal = new ApiRefusal(api, clock);
    }

    /// Looks at the repository `OWNER/NAME` and checks whether its statuses can be set.
    public Look of(String fullName) {
        var outcome = api.get(api.url("repos/" + fullName).build());
        return new Look(answer(outcome, fullName), forgeTime(outcome));
    }

    /// An answer with its time.
    ///
    /// @param forgeTime by the forge's clock, if it answered
    public record Look(RightsAnswer answer, Optional<Instant> forgeTime) {}

    private RightsAnswer answer(Outcome outcome, String fullName) {
        return switch (outcome) {
            case Outcome.Answered answer when answer.status() == 200 -> shown(answer, fullName);
            case Outcome.Answered _, Outcome.Failed _ -> other(outcome);
        };
    }

    /// Why the forge rejects the token itself; empty if it accepts it or does not answer.
    public Optional<String> refusedToken(String fullName) {
        return switch (api.get(api.url("repos/" + fullName).build())) {
            case Outcome.Answered answer when answer.status() == 401 ->
                    Optional.of(refusal.explain(answer, Access.READ));
            case Outcome.Answered _, Outcome.Failed _ -> Optional.empty();
        };
    }

    /// Anything but 200.
    private RightsAnswer other(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed(String reason, _) -> new RightsAnswer.Silent(reason);
            case Outcome.Answered answer when answer.status() >= 500 ->
                    new RightsAnswer.Silent(refusal.reason(answer));
            case Outcome.Answered answer when answer.status() / 100 == 3 -> moved(answer);
            case Outcome.Answered answer ->
                    new RightsAnswer.Refused(cause(answer), reason(answer, Access.READ));
        };
    }

    private Cause cause(Outcome.Answered answer) {
        return switch (answer.status()) {
            case 401 -> Cause.TOKEN;
            case 403 ->
                    refusal.reason(answer).toLowerCase(Locale.ROOT).contains("rate limit")
                            ? Cause.LIMIT
                            : Cause.SCOPE;
            case 404 -> Cause.MISSING;
            case 429 -> Cause.LIMIT;
            default -> Cause.OTHER;
        };
    }

    private RightsAnswer shown(Outcome.Answered answer, String fullName) {
        JsonNode repository;
        try {
            repository = Json.read(answer.body());
        } catch (JacksonException e) {
            return new RightsAnswer.Refused(
                    Cause.OTHER,
                    "its answer is not JSON: is `api` the address of the forge's API?");
        }
        JsonNode permissions = repository.path("permissions");
        if (permissions.isObject()
                && !permissions.path("push").asBoolean(false)
                && !permissions.path("admin").asBoolean(false)) {
            return new RightsAnswer.Shown(new Writing.UserLacksAccess(), branch(repository));
        }
        String path = "repos/" + fullName + "/statuses/" + CommitId.NONE;
        var outcome = api.post(api.url(path).build(), PROBE);
        return switch (outcome) {
            case Outcome.Answered probed when knowsNoCommit(probed.status()) ->
                    new RightsAnswer.Shown(new Writing.Allowed(), branch(repository));
            // GitHub answers 404 to a token that may not write
            case Outcome.Answered probed
                    when cause(probed) == Cause.SCOPE || cause(probed) == Cause.MISSING ->
                    new RightsAnswer.Shown(
                            new Writing.TokenLacksScope(reason(probed, Access.WRITE)),
                            branch(repository));
            case Outcome.Answered _, Outcome.Failed _ -> other(outcome);
        };
    }

    /// Whether the forge checked the rights before it answered so.
    private boolean knowsNoCommit(int status) {
        return api.forge().traits().statuses().knowsNoCommit().contains(status)
                || status == 400
                || status / 100 == 2;
    }

    private static String branch(JsonNode repository) {
        return SafeText.line(repository.path("default_branch").asString(""));
    }

    /// A redirect means another name. Only the name or id in it is used, at the same API, so that
    /// the token goes nowhere else.
    private RightsAnswer moved(Outcome.Answered answer) {
        HttpUrl base = api.url("").build();
        HttpUrl to = base.resolve(Optional.ofNullable(answer.headers().get("Location")).orElse(""));
        if (to == null || !origin(to).equals(origin(base))) {
            return new RightsAnswer.Refused(
                    Cause.OTHER,
                    refusal.reason(answer) + "; it redirects its API to another place");
        }
        var name = BY_NAME.matcher(to.encodedPath());
        if (name.matches()) {
            return new RightsAnswer.Moved(name.group(1));
        }
        var id = BY_ID.matcher(to.encodedPath());
        return new RightsAnswer.Moved(id.matches() ? nameOf(id.group(1)) : "");
    }

    private static String origin(HttpUrl url) {
        return url.scheme() + "://" + url.host() + ":" + url.port();
    }

    private String nameOf(String id) {
        if (api.get(api.url("repositories/" + id).build()) instanceof Outcome.Answered answer
                && answer.status() == 200) {
            String name = Json.text(Json.readOrMissing(answer.body()), "full_name");
            return NAME.matcher(name).matches() ? name : "";
        }
        return "";
    }

    /// Includes the scopes of a classic GitHub token (docs.github.com "Scopes for OAuth apps").
    private String reason(Outcome.Answered answer, Access access) {
        String scopes = answer.headers().get("X-OAuth-Scopes");
        return refusal.explain(answer, access)
                + (scopes == null
                        ? ""
                        : "; the token's scopes: "
                                + (scopes.isBlank() ? "none" : SafeText.line(scopes)));
    }

    private static Optional<Instant> forgeTime(Outcome outcome) {
        if (outcome instanceof Outcome.Answered(int status, Headers headers, _) && status < 500) {
            return Optional.ofNullable(headers.getInstant("Date"));
        }
        return Optional.empty();
    }

    /// A forge's answer about a repository and Airlock's token.
    public sealed interface RightsAnswer {
        /// The token sees the repository.
        ///
        /// @param writing whether statuses can be set
        /// @param defaultBranch its default branch, foreign text; empty if unknown
        record Shown(Writing writing, String defaultBranch) implements RightsAnswer {}

        /// The forge refuses.
        ///
        /// @param reason the forge's answer, for people
        record Refused(Cause cause, String reason) implements RightsAnswer {}

        /// The repository has another name.
        ///
        /// @param name `OWNER/NAME`; empty if unknown
        record Moved(String name) implements RightsAnswer {}

        record Silent(String reason) implements RightsAnswer {}

        sealed interface Writing {
            record Allowed() implements Writing {}

            /// The token's user has no write access.
            record UserLacksAccess() implements Writing {}

            /// The token lacks the right, even if its user has it.
            ///
            /// @param reason the forge's answer, for people
            record TokenLacksScope(String reason) implements Writing {}
        }

        /// The reason for an answer other than 200.
        enum Cause {
            /// 401: the token is wrong, expired or revoked.
            TOKEN,
            /// 403: the token lacks a scope.
            SCOPE,
            /// 404: the repository does not exist, or the token may not see it.
            MISSING,
            /// A rate limit.
            LIMIT,
            /// Not an answer of the forge's API.
            OTHER
        }
    }
}
