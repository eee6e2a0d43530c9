package airlock.forge;

import airlock.config.ForgeConfig;
import airlock.forge.ForgeApi.Outcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import okhttp3.Headers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks a forge what Airlock's token may do with a repository: `GET /repos/OWNER/NAME`, whose
/// `permissions` are those of the token's user (docs.gitea.com "API", docs.github.com "Get a
/// repository"). A token of narrower scope than its user is only told by what the forge refuses.
///
/// **Failures**: none, each is an answer.
public final class HttpRights {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final ForgeApi api;
    private final ApiRefusal refusal;

    public HttpRights(ForgeConfig forge, InstantSource clock) {
        this.api = new ForgeApi(forge, LIMIT);
        this.refusal = new ApiRefusal(api, clock);
    }

    /// Asks for the repository that the forge calls `fullName`, `OWNER/NAME`.
    public RightsAnswer of(String fullName) {
        return switch (api.get(api.url("repos/" + fullName).build())) {
            case Outcome.NotSent(String reason) -> new RightsAnswer.Silent(reason);
            case Outcome.NoAnswer(String reason) -> new RightsAnswer.Silent(reason);
            case Outcome.Answered answer when answer.status() >= 500 ->
                    new RightsAnswer.Silent("the forge answered " + answer.status());
            case Outcome.Answered answer when answer.status() == 200 -> shown(answer);
            case Outcome.Answered answer ->
                    new RightsAnswer.Refused(refusal.explain(answer), said(answer.headers()));
        };
    }

    private static RightsAnswer shown(Outcome.Answered answer) {
        Instant said = said(answer.headers());
        try {
            JsonNode permissions = JSON.readTree(answer.body()).path("permissions");
            boolean write =
                    permissions.path("push").asBoolean(false)
                            || permissions.path("admin").asBoolean(false);
            return new RightsAnswer.Shown(write, said);
        } catch (JacksonException e) {
            return new RightsAnswer.Refused(
                    "its answer is no JSON: is `api` the address of the forge's API?", said);
        }
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
