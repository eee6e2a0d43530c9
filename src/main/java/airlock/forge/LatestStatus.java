package airlock.forge;

import airlock.base.Json;
import airlock.event.CommitId;
import airlock.forge.ForgeApi.Outcome;
import java.time.Duration;
import java.util.Optional;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// Finds a context in the combined status of a commit, which lists each context once with its
/// newest state. Not used: the combined `state`, which covers one page only, and the list of all
/// statuses, which has no reliable order.
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
                    Optional<LatestAnswer.Found> found = find(statuses, context);
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
                    return refusal.of(answer, repository, ApiRefusal.Access.READ);
                }
                case Outcome.Failed(String reason, _) -> {
                    return new ApiFailure.Retry(Duration.ZERO, reason);
                }
            }
        }
        return new ApiFailure.GaveUp("more than " + MOST_PAGES + " pages of statuses");
    }

    private HttpUrl url(String path, int page) {
        var url = api.url(path).addQueryParameter("page", Integer.toString(page));
        return api.forge().pagesOf(PAGE, url).build();
    }

    private Optional<LatestAnswer.Found> find(JsonNode statuses, String context) {
        return statuses.valueStream()
                .filter(s -> api.forge().isSameContext(Json.text(s, "context"), context))
                .findFirst()
                .map(
                        status ->
                                new LatestAnswer.Found(
                                        Json.text(status, api.forge().traits().stateField()),
                                        Json.text(status, "description"),
                                        Json.text(status, "target_url")));
    }

    private static LatestAnswer unreadable() {
        return new ApiFailure.Retry(Duration.ZERO, "the list of statuses is not readable");
    }
}
