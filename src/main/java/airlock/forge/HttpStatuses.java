package airlock.forge;

import airlock.base.Json;
import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.forge.ForgeApi.Outcome;
import java.time.Duration;
import java.time.InstantSource;

/// Commit statuses of Gitea, Forgejo and GitHub (docs.gitea.com "API", docs.github.com "Commit
/// statuses"; recordings of Gitea 1.25.5).
public final class HttpStatuses implements StatusPoster {
    private static final Duration AWAY = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private final ForgeApi api;
    private final ApiRefusal refusal;
    private final LatestStatus latest;

    public HttpStatuses(ForgeConfig forge, InstantSource clock) {
        this(forge, clock, LIMIT);
    }

    /// @param limit how long one request may take
    public HttpStatuses(ForgeConfig forge, InstantSource clock, Duration limit) {
        this.api = new ForgeApi(forge, limit);
        this.refusal = new ApiRefusal(api, clock);
        this.latest = new LatestStatus(api, refusal);
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
                    api.forge().mayLackCommit(answer.status())
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
                        .put("context", StatusLimits.context(update.context()))
                        .put("description", description(update));
        String url = StatusLimits.targetUrl(update.targetUrl());
        if (!url.isEmpty()) {
            body.put("target_url", url);
        }
        return Json.bytes(body);
    }

    private String description(StatusUpdate update) {
        return StatusLimits.description(api.forge(), update.description());
    }

    @Override
    public boolean shows(LatestAnswer.Found found, StatusUpdate update) {
        return found.state().equals(update.state().word())
                && found.description().equals(description(update))
                && found.targetUrl().equals(StatusLimits.targetUrl(update.targetUrl()));
    }

    @Override
    public LatestAnswer latest(ForgeRepository repository, CommitId commit, String context) {
        return latest.of(repository, commit, StatusLimits.context(context));
    }
}
