package airlock.forge;

import airlock.base.Json;
import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.forge.ForgeApi.Outcome;
import java.time.Duration;
import java.util.Optional;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// Looks for one context in the combined status of a commit, which lists each context once with its
/// newest state. The combined `state` covers one page only, so it is not looked at; the list of all
/// statuses is in no order that can be relied upon.
final class LatestStatus {
    private static final int MOST_PAGES = 100;
    private final ForgeApi api;
    private final ApiRefusal refusal;

    LatestStatus(ForgeApi api, ApiRefusal refusal) {
        this.api = api;
        this.refusal = refusal;
    }

    LatestAnswer of(ForgeRepository repository, CommitId commit, String context) {
        String path = "repos/" + repository.fullName() + "/commits/" + commit + "/status";
        long seen = 0;
        for (int page = 1; page <= MOST_PAGES; page++) {
            switch (api.get(url(path, page))) {
                case Outcome.Answered answer when answer.status() == 200 -> {
                    JsonNode body = Json.readOrMissing(answer.body());
                    JsonNode statuses = body.path("statuses");
                    Optional<LatestAnswer> found = find(statuses, context);
                    if (found.isPresent()) {
                        return found.get();
                    }
                    seen += statuses.size();
                    if (statuses.isEmpty() || seen >= total(answer, body)) {
                        return body.isObject() ? new LatestAnswer.None() : unreadable();
                    }
                }
                case Outcome.Answered answer -> {
                    return refused(refusal.of(answer, repository, ApiRefusal.Access.READ));
                }
                case Outcome.NotSent(String reason) -> {
                    return new LatestAnswer.Retry(Duration.ZERO, reason);
                }
                case Outcome.NoAnswer(String reason) -> {
                    return new LatestAnswer.Retry(Duration.ZERO, reason);
                }
            }
        }
        return new LatestAnswer.GaveUp("more than " + MOST_PAGES + " pages of statuses");
    }

    private HttpUrl url(String path, int page) {
        var url = api.url(path).addQueryParameter("page", Integer.toString(page));
        return switch (api.kind()) {
            case GITHUB -> url.addQueryParameter("per_page", "100").build();
            case GITEA, FORGEJO -> url.addQueryParameter("limit", "50").build();
        };
    }

    /// GitHub counts in the body; Gitea counts there what is on the page, and all in a header.
    private long total(Outcome.Answered answer, JsonNode body) {
        return switch (api.kind()) {
            case GITHUB -> body.path("total_count").asLong(Long.MAX_VALUE);
            case GITEA, FORGEJO -> {
                String count = answer.headers().get("X-Total-Count");
                yield count != null && count.matches("[0-9]{1,9}")
                        ? Long.parseLong(count)
                        : Long.MAX_VALUE;
            }
        };
    }

    private Optional<LatestAnswer> find(JsonNode statuses, String context) {
        for (JsonNode status : statuses) {
            if (same(Json.text(status, "context"), context)) {
                return Optional.of(
                        new LatestAnswer.Found(
                                Json.text(
                                        status,
                                        api.kind() == ForgeKind.GITHUB ? "state" : "status"),
                                Json.text(status, "description"),
                                Json.text(status, "target_url")));
            }
        }
        return Optional.empty();
    }

    /// GitHub takes `Airlock` and `airlock` for one context, Gitea for two.
    private boolean same(String one, String other) {
        return switch (api.kind()) {
            case GITHUB -> one.equalsIgnoreCase(other);
            case GITEA, FORGEJO -> one.equals(other);
        };
    }

    private static LatestAnswer refused(PostAnswer answer) {
        return switch (answer) {
            case PostAnswer.Retry retry -> new LatestAnswer.Retry(retry.after(), retry.reason());
            case PostAnswer.Refused refused -> new LatestAnswer.GaveUp(refused.reason());
            case PostAnswer.GaveUp(String reason) -> new LatestAnswer.GaveUp(reason);
            case PostAnswer.Renamed(String name) -> new LatestAnswer.Renamed(name);
            case PostAnswer.Posted _, PostAnswer.Unknown _ ->
                    throw new IllegalStateException("an error answer was read as " + answer);
        };
    }

    private static LatestAnswer unreadable() {
        return new LatestAnswer.Retry(Duration.ZERO, "the list of statuses is not readable");
    }
}
