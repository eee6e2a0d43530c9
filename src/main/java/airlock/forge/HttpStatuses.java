package airlock.forge;

import airlock.base.Hash;
import airlock.base.Json;
import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.forge.ForgeApi.Outcome;
import airlock.forge.StatusPoster.LatestAnswer;
import airlock.forge.StatusPoster.PostAnswer;
import airlock.forge.StatusPoster.StatusUpdate;
import airlock.text.SafeText;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// Commit statuses of Gitea, Forgejo and GitHub (docs.gitea.com "API", docs.github.com "Commit
/// statuses"; recordings of Gitea 1.25.5).
public final class HttpStatuses implements StatusPoster {
    private static final Duration AWAY = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MOST_PAGES = 100;
    private static final int PAGE = 100;

    /// Of a context and of a URL, in code points.
    private static final int LONGEST = 255;

    private static final int MARK = 9;

    private final ForgeApi api;
    private final ApiRefusal refusal;

    public HttpStatuses(ForgeConfig forge, InstantSource clock) {
        this(forge, clock, LIMIT);
    }

    /// @param limit how long one request may take
    public HttpStatuses(ForgeConfig forge, InstantSource clock, Duration limit) {
        this.api = new ForgeApi(forge, limit);
        this.refusal = new ApiRefusal(api, clock);
    }

    @Override
    public String credential() {
        return api.credential();
    }

    @Override
    public PostAnswer post(ForgeRepository repository, StatusUpdate update) {
        String path = "repos/" + repository.fullName() + "/statuses/" + update.commit();
        return switch (api.post(api.url(path).build(), body(update))) {
            case Outcome.Failed(String reason, boolean sent) ->
                    // a forge that is down need not be tried for each waiting status
                    sent ? new PostAnswer.Unknown(reason) : new ApiFailure.Retry(AWAY, reason);
            case Outcome.Answered answer when answer.status() / 100 == 2 -> new PostAnswer.Posted();
            case Outcome.Answered answer ->
                    traits().mayLackCommit().contains(answer.status())
                                    && lacksTheCommit(repository, update.commit())
                            ? new ApiFailure.GaveUp(
                                    "%s; the repository has no commit %s"
                                            .formatted(refusal.reason(answer), update.commit()))
                            : refusal.of(answer, repository, ApiRefusal.Access.WRITE);
        };
    }

    /// Whether the forge shows this very repository but not the commit.
    private boolean lacksTheCommit(ForgeRepository repository, CommitId commit) {
        String path = "repos/" + repository.fullName();
        return api.get(api.url(path + "/git/commits/" + commit).build())
                        instanceof Outcome.Answered(int status, _, _)
                && status == 404
                && api.get(api.url(path).build())
                        instanceof Outcome.Answered(int shown, _, byte[] body)
                && shown == 200
                && Json.readOrMissing(body).path("id").asString("").equals(repository.id().id());
    }

    private byte[] body(StatusUpdate update) {
        var body =
                Json.MAPPER
                        .createObjectNode()
                        .put("state", update.state().word())
                        .put("context", context(update.context()))
                        .put("description", description(update));
        String url = targetUrl(update.targetUrl());
        if (!url.isEmpty()) {
            body.put("target_url", url);
        }
        return Json.bytes(body);
    }

    private Forge.Statuses traits() {
        return api.forge().traits().statuses();
    }

    private String description(StatusUpdate update) {
        return SafeText.line(update.description(), traits().longestDescription());
    }

    /// A cut context ends in a hash of the whole, so that different contexts stay different.
    static String context(String context) {
        return length(context) <= LONGEST
                ? context
                : context.substring(0, context.offsetByCodePoints(0, LONGEST - MARK))
                        + "~"
                        + Hash.sha256(context).substring(0, MARK - 1);
    }

    /// Leaves out a URL that is too long.
    private static String targetUrl(String url) {
        return length(url) <= LONGEST ? url : "";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    @Override
    public boolean shows(LatestAnswer.Found found, StatusUpdate update) {
        return found.state().equals(update.state().word())
                && found.description().equals(description(update))
                && found.targetUrl().equals(targetUrl(update.targetUrl()));
    }

    /// Finds a context in the combined status of a commit, which lists each context once with its
    /// newest state. Not used: the combined `state`, which covers one page only, and the list of
    /// all statuses, which has no reliable order.
    @Override
    public LatestAnswer latest(ForgeRepository repository, CommitId commit, String context) {
        String path = "repos/" + repository.fullName() + "/commits/" + commit + "/status";
        long seen = 0;
        for (int page = 1; page <= MOST_PAGES; page++) {
            switch (api.get(url(path, page))) {
                case Outcome.Answered answer when answer.status() == 200 -> {
                    JsonNode body = Json.readOrMissing(answer.body());
                    JsonNode statuses = body.path("statuses");
                    Optional<LatestAnswer.Found> found = find(statuses, context(context));
                    if (found.isPresent()) {
                        return found.get();
                    }
                    seen += statuses.size();
                    if (statuses.isEmpty()
                            || seen >= api.forge().statuses(answer.headers(), body)) {
                        return body.isObject()
                                ? new LatestAnswer.None()
                                : new ApiFailure.Retry(
                                        Duration.ZERO, "the list of statuses is not readable");
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
                .filter(status -> isSame(Json.text(status, "context"), context))
                .findFirst()
                .map(
                        status ->
                                new LatestAnswer.Found(
                                        Json.text(status, traits().stateField()),
                                        Json.text(status, "description"),
                                        Json.text(status, "target_url")));
    }

    private boolean isSame(String one, String other) {
        return traits().ignoresCase() ? one.equalsIgnoreCase(other) : one.equals(other);
    }
}
