package airlock.forge;

import airlock.base.Json;
import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.forge.ApiRefusal.Access;
import airlock.forge.ForgeApi.Outcome;
import airlock.forge.RightsAnswer.Cause;
import airlock.forge.RightsAnswer.Writing;
import airlock.text.SafeText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks a forge what Airlock's token may do with a repository.
///
/// `GET /repos/OWNER/NAME` shows the rights of the token's user, not those of the token
/// (docs.gitea.com "API", docs.github.com "Get a repository"). So a status is offered for a commit
/// that no repository has: rights are checked first, and nothing is stored (recordings 107 and 128
/// of Gitea 1.25.5).
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

    /// Asks for the repository that the forge calls `fullName`, `OWNER/NAME`, and whether its
    /// statuses can be set.
    public RightsAnswer of(String fullName) {
        return switch (api.get(api.url("repos/" + fullName).build())) {
            case Outcome.Answered answer when answer.status() == 200 -> shown(answer, fullName);
            case Outcome outcome -> other(outcome);
        };
    }

    /// Why the forge refuses the token itself; empty if it takes it, or does not say.
    public Optional<String> refusedToken(String fullName) {
        return switch (api.get(api.url("repos/" + fullName).build())) {
            case Outcome.Answered answer when answer.status() == 401 ->
                    Optional.of(refusal.explain(answer, Access.READ));
            case Outcome.Answered _, Outcome.NotSent _, Outcome.NoAnswer _ -> Optional.empty();
        };
    }

    /// Anything but 200.
    private RightsAnswer other(Outcome outcome) {
        return switch (outcome) {
            case Outcome.NotSent(String reason) -> new RightsAnswer.Silent(reason);
            case Outcome.NoAnswer(String reason) -> new RightsAnswer.Silent(reason);
            case Outcome.Answered answer when answer.status() >= 500 ->
                    new RightsAnswer.Silent(refusal.reason(answer));
            case Outcome.Answered answer when answer.status() / 100 == 3 -> moved(answer);
            case Outcome.Answered answer ->
                    new RightsAnswer.Refused(
                            cause(answer), reason(answer, Access.READ), said(answer.headers()));
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
        Instant said = said(answer.headers());
        JsonNode repository;
        try {
            repository = Json.read(answer.body());
        } catch (JacksonException e) {
            return noApi(said);
        }
        JsonNode permissions = repository.path("permissions");
        if (permissions.isObject()
                && !permissions.path("push").asBoolean(false)
                && !permissions.path("admin").asBoolean(false)) {
            return new RightsAnswer.Shown(new Writing.UserLacksAccess(), branch(repository), said);
        }
        String path = "repos/" + fullName + "/statuses/" + CommitId.NONE;
        var outcome = api.post(api.url(path).build(), PROBE);
        return switch (outcome) {
            case Outcome.Answered probed when knowsNoCommit(probed.status()) ->
                    new RightsAnswer.Shown(new Writing.Allowed(), branch(repository), said);
            // GitHub answers 404 to a token that may not write
            case Outcome.Answered probed
                    when cause(probed) == Cause.SCOPE || cause(probed) == Cause.MISSING ->
                    new RightsAnswer.Shown(
                            new Writing.TokenLacksScope(reason(probed, Access.WRITE)),
                            branch(repository),
                            said);
            case Outcome.Answered _, Outcome.NotSent _, Outcome.NoAnswer _ -> other(outcome);
        };
    }

    /// An answer that comes after the check of rights.
    private boolean knowsNoCommit(int status) {
        return api.forge().knowsNoCommit(status) || status == 400 || status / 100 == 2;
    }

    private static RightsAnswer noApi(Instant said) {
        return new RightsAnswer.Refused(
                Cause.OTHER,
                "its answer is not JSON: is `api` the address of the forge's API?",
                said);
    }

    private static String branch(JsonNode repository) {
        return SafeText.line(repository.path("default_branch").asString(""));
    }

    /// A redirect means another name. It is followed by name or id alone, to the same API, so that
    /// the token goes nowhere else.
    private RightsAnswer moved(Outcome.Answered answer) {
        Instant said = said(answer.headers());
        HttpUrl base = api.url("").build();
        HttpUrl to = base.resolve(Optional.ofNullable(answer.headers().get("Location")).orElse(""));
        if (to == null || !origin(to).equals(origin(base))) {
            return new RightsAnswer.Refused(
                    Cause.OTHER,
                    refusal.reason(answer) + "; it redirects its API to another place",
                    said);
        }
        var name = BY_NAME.matcher(to.encodedPath());
        if (name.matches()) {
            return new RightsAnswer.Moved(name.group(1), said);
        }
        var id = BY_ID.matcher(to.encodedPath());
        return new RightsAnswer.Moved(id.matches() ? nameOf(id.group(1)) : "", said);
    }

    private static String origin(HttpUrl url) {
        return url.scheme() + "://" + url.host() + ":" + url.port();
    }

    private String nameOf(String id) {
        if (api.get(api.url("repositories/" + id).build()) instanceof Outcome.Answered answer
                && answer.status() == 200) {
            try {
                String name = Json.read(answer.body()).path("full_name").asString("");
                return NAME.matcher(name).matches() ? name : "";
            } catch (JacksonException _) {
                return "";
            }
        }
        return "";
    }

    /// With the scopes of a classic GitHub token (docs.github.com "Scopes for OAuth apps").
    private String reason(Outcome.Answered answer, Access access) {
        String scopes = answer.headers().get("X-OAuth-Scopes");
        return refusal.explain(answer, access)
                + (scopes == null
                        ? ""
                        : "; the token's scopes: "
                                + (scopes.isBlank() ? "none" : SafeText.line(scopes)));
    }

    private static Instant said(Headers headers) {
        String date = headers.get("Date");
        try {
            return date == null
                    ? Instant.EPOCH
                    : ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }
}
