package airlock.forge;

import airlock.base.Json;
import airlock.event.CommitId;
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
    private static final int PAGE = 100;

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
                    if (statuses.isEmpty()
                            || seen >= api.forge().statuses(answer.headers(), body)) {
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
        return api.forge().pagesOf(PAGE, url).build();
    }

    private Optional<LatestAnswer> find(JsonNode statuses, String context) {
        for (JsonNode status : statuses) {
            if (api.forge().isSameContext(Json.text(status, "context"), context)) {
                return Optional.of(
                        new LatestAnswer.Found(
                                Json.text(status, api.forge().stateField()),
                                Json.text(status, "description"),
                                Json.text(status, "target_url")));
            }
        }
        return Optional.empty();
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
