package airlock.forge;

import airlock.base.Json;
import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.forge.ForgeApi.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import tools.jackson.core.JacksonException;

/// Commit statuses of Gitea, Forgejo and GitHub, whose APIs differ little (docs.gitea.com "API",
/// docs.github.com "Commit statuses"; recordings of Gitea 1.25.5).
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
    public PostAnswer post(StatusUpdate update) {
        String path = "repos/" + update.repository().fullName() + "/statuses/" + update.commit();
        return switch (api.post(api.url(path).build(), body(update))) {
            case Outcome.NotSent(String reason) ->
                    // nobody is there: no reason to knock again for each status that waits
                    new PostAnswer.Retry(AWAY, reason, false);
            case Outcome.NoAnswer(String reason) -> new PostAnswer.Unknown(reason);
            case Outcome.Answered answer when answer.status() / 100 == 2 -> new PostAnswer.Posted();
            case Outcome.Answered answer ->
                    api.forge().mayLackCommit(answer.status()) && lacksTheCommit(update)
                            ? new PostAnswer.GaveUp(
                                    refusal.reason(answer)
                                            + "; the repository has no commit "
                                            + update.commit())
                            : refusal.of(answer, update.repository(), ApiRefusal.Access.WRITE);
        };
    }

    /// Whether the forge shows the repository, the very same one, without the commit.
    private boolean lacksTheCommit(StatusUpdate update) {
        String path = "repos/" + update.repository().fullName();
        return api.get(api.url(path + "/git/commits/" + update.commit()).build())
                        instanceof Outcome.Answered(int status, _, _)
                && status == 404
                && api.get(api.url(path).build())
                        instanceof Outcome.Answered(int shown, _, byte[] body)
                && shown == 200
                && isThat(update.repository(), body);
    }

    private static boolean isThat(ForgeRepository repository, byte[] body) {
        try {
            return Json.read(body).path("id").asString("").equals(repository.id().id());
        } catch (JacksonException e) {
            return false;
        }
    }

    private byte[] body(StatusUpdate update) {
        var body =
                Json.MAPPER
                        .createObjectNode()
                        .put("state", update.state().word())
                        .put("context", StatusText.context(update.context()))
                        .put("description", description(update));
        String url = StatusText.targetUrl(update.targetUrl());
        if (!url.isEmpty()) {
            body.put("target_url", url);
        }
        return Json.bytes(body);
    }

    private String description(StatusUpdate update) {
        return StatusText.description(api.forge(), update.description());
    }

    @Override
    public boolean shows(LatestAnswer.Found found, StatusUpdate update) {
        return found.state().equals(update.state().word())
                && found.description().equals(description(update))
                && found.targetUrl().equals(StatusText.targetUrl(update.targetUrl()));
    }

    @Override
    public LatestAnswer latest(ForgeRepository repository, CommitId commit, String context) {
        return latest.of(repository, commit, StatusText.context(context));
    }
}
