package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.forge.StatusPoster.CommitState;
import airlock.forge.StatusPoster.PostAnswer;
import airlock.forge.StatusPoster.StatusUpdate;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class HttpStatusesTest {
    private static final CommitId COMMIT = new CommitId("e7144dd6b10391409b88348a4bd8f74cf56c1ba5");
    private static final StatusUpdate UPDATE =
            new StatusUpdate(
                    COMMIT,
                    CommitState.PENDING,
                    "airlock/main",
                    "waiting",
                    "http://localhost:9999/runs/1");

    private final MockForge gitea = new MockForge(ForgeKind.GITEA);
    private final MockForge github = new MockForge(ForgeKind.GITHUB);

    @AfterEach
    void close() {
        gitea.close();
        github.close();
    }

    @Test
    void aStatusIsPostedAsGiteaWantsIt() throws InterruptedException {
        PostAnswer answer = gitea.answersAsRecorded(45).post(UPDATE);

        assertThat(answer).isEqualTo(new PostAnswer.Posted());
        var request = gitea.request();
        assertThat(request.getRequestLine())
                .isEqualTo("POST /api/v1/repos/alice/widget/statuses/" + COMMIT + " HTTP/1.1");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("token a-secret-token");
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
        assertThat(new JsonMapper().readTree(request.getBody().utf8()))
                .isEqualTo(
                        new JsonMapper()
                                .readTree(
                                        """
                                        {"state": "pending", "context": "airlock/main",
                                         "description": "waiting",
                                         "target_url": "http://localhost:9999/runs/1"}
                                        """));
    }

    @Test
    void aStatusIsPostedAsGitHubWantsIt() throws InterruptedException {
        assertThat(github.answers(201, "{}").post(UPDATE)).isEqualTo(new PostAnswer.Posted());

        var request = github.request();
        assertThat(request.getRequestLine())
                .isEqualTo("POST /repos/alice/widget/statuses/" + COMMIT + " HTTP/1.1");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer a-secret-token");
        assertThat(request.getHeaders().get("Accept")).isEqualTo("application/vnd.github+json");
        assertThat(request.getHeaders().get("X-GitHub-Api-Version")).isEqualTo("2022-11-28");
    }

    /// 103: 422.
    @Test
    void aStatusThatTheForgeCanNotReadIsGivenUp() {
        assertThat(gitea.answersAsRecorded(103).post(UPDATE, ApiFailure.GaveUp.class).reason())
                .contains("422");
        assertThat(gitea.requests()).isEqualTo(1);
    }

    /// 116, 117: 401; 119, 128: 403; 126, 127: 404.
    @ParameterizedTest
    @CsvSource({
        "116, CREDENTIAL",
        "117, CREDENTIAL",
        "119, REPOSITORY",
        "128, REPOSITORY",
        "126, REPOSITORY",
        "127, REPOSITORY"
    })
    void aTokenOrRepositoryThatIsRefusedIsToldWithItsCure(int recording, ApiFailure.Scope scope) {
        gitea.answersAsRecorded(recording);
        gitea.answers(404, "{}").answers(404, "{}"); // neither the commit nor the repository
        var answer = gitea.post(UPDATE, ApiFailure.Refused.class);
        assertThat(answer.scope()).isEqualTo(scope);
        assertThat(answer.cure()).contains("token");
        assertThat(answer.reason())
                .contains(MockForge.recorded(recording).path("response").path("status").toString())
                .doesNotContain("a-secret-token");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 410, 423, 451, 300})
    void otherRefusalsAreTheRepositorys(int status) {
        assertThat(github.answers(status, "{}").post(UPDATE, ApiFailure.Refused.class).scope())
                .isEqualTo(ApiFailure.Scope.REPOSITORY);
        assertThat(github.requests()).isEqualTo(1);
    }

    /// 106, 107: 500, which is Gitea's answer for a commit that it does not have.
    @ParameterizedTest
    @ValueSource(ints = {106, 107, 126})
    void aCommitThatGiteaDoesNotHaveEndsItsStatus(int recording) throws InterruptedException {
        gitea.answersAsRecorded(recording)
                .answers(404, "{\"message\": \"commit doesn't exist\"}")
                .answers(200, "{\"id\": 2}");
        assertThat(gitea.post(UPDATE, ApiFailure.GaveUp.class).reason())
                .endsWith("the repository has no commit " + COMMIT);
        assertThat(gitea.request().getMethod()).isEqualTo("POST");
        assertThat(gitea.request().getRequestLine())
                .startsWith("GET /api/v1/repos/alice/widget/git/commits/" + COMMIT + " ");
        assertThat(gitea.request().getRequestLine()).startsWith("GET /api/v1/repos/alice/widget ");
    }

    @Test
    void a500ForACommitThatIsThereIsTriedAgain() {
        gitea.answersAsRecorded(106).answers(200, "{}");
        var retry = gitea.post(UPDATE, ApiFailure.Retry.class);
        assertThat(retry.mayBePermanent()).isTrue();
        assertThat(retry.reason()).contains("500");
    }

    @Test
    void aCommitIsNotMissingBecauseAnotherRepositoryHasTheNameByNow() {
        gitea.answersAsRecorded(126).answers(404, "{}").answers(200, "{\"id\": 3}");
        assertThat(gitea.post(UPDATE)).isInstanceOf(ApiFailure.Refused.class);
    }

    @Test
    void theMarkOfATokenIsThatTokensAndDoesNotTellIt() {
        assertThat(gitea.statuses().credential())
                .isEqualTo(gitea.statuses(Duration.ofSeconds(1)).credential())
                .isNotEqualTo(github.statuses().credential())
                .hasSize(16)
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "429, Retry-After: 7, PT7S",
        "429, X-Nothing: 1, PT1M",
        "503, Retry-After: 120, PT2M",
        "502, X-Nothing: 1, PT0S",
        "504, X-Nothing: 1, PT0S",
        "503, 'Retry-After: Tue, 24 Nov 2026 12:00:30 GMT', PT30S",
        "503, 'Retry-After: Tue, 24 Nov 2026 11:00:30 GMT', PT0S",
        "503, Retry-After: 99999999999, PT6H",
        "503, Retry-After: soon, PT0S",
        "503, Retry-After: 0, PT0S",
        "403, Retry-After: 60, PT1M"
    })
    void theForgesOwnTimeIsObeyed(int status, String header, Duration wait) {
        var retry = gitea.answers(status, "busy", header).post(UPDATE, ApiFailure.Retry.class);
        assertThat(retry.after()).isEqualTo(wait);
        assertThat(retry.mayBePermanent()).isFalse();
        assertThat(gitea.requests()).isEqualTo(1);
    }

    @Test
    void anExhaustedRateLimitWaitsForItsReset() {
        long reset = MockForge.NOW.getEpochSecond() + 1800;

        assertThat(
                        github.answers(
                                        403,
                                        "{\"message\": \"API rate limit exceeded\"}",
                                        "x-ratelimit-remaining: 0",
                                        "x-ratelimit-reset: " + reset)
                                .post(UPDATE, ApiFailure.Retry.class)
                                .after())
                .isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void a403IsAMissingPermissionUnlessItSpeaksOfLimits() {
        github.answers(403, "{\"message\": \"Resource not accessible by integration\"}")
                .answers(403, "{\"message\": \"You have exceeded a secondary rate limit\"}");

        assertThat(github.post(UPDATE, ApiFailure.Refused.class).cure())
                .contains("Commit statuses: write");
        assertThat(github.post(UPDATE, ApiFailure.Retry.class).after())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void nothingListeningIsTriedAgain() {
        gitea.close();

        assertThat(gitea.post(UPDATE)).isInstanceOf(ApiFailure.Retry.class);
    }

    @Test
    void aConnectionThatBreaksAfterSendingLeavesTheOutcomeUnknown() {
        assertThat(gitea.dropsTheConnection().post(UPDATE)).isInstanceOf(PostAnswer.Unknown.class);
        assertThat(gitea.requests()).isEqualTo(1);
    }

    @Test
    void anAnswerThatDoesNotComeLeavesTheOutcomeUnknown() {
        gitea.answersLater(Duration.ofSeconds(5));

        assertThat(gitea.statuses(Duration.ofMillis(300)).post(MockForge.WIDGET, UPDATE))
                .isInstanceOf(PostAnswer.Unknown.class);
        assertThat(gitea.requests()).isEqualTo(1);
    }

    @Test
    void aConnectionThatDiedWhileIdleIsNotPostedOnTwiceByItself() {
        gitea.answers(201, "{}").dropsTheConnection().answers(201, "{}");

        assertThat(gitea.post(UPDATE)).isEqualTo(new PostAnswer.Posted());
        assertThat(gitea.post(UPDATE)).isInstanceOf(PostAnswer.Unknown.class);
        assertThat(gitea.requests()).isEqualTo(2);
    }

    @Test
    void textsAreCutAsTheForgeDemands() throws InterruptedException {
        var update =
                new StatusUpdate(
                        COMMIT,
                        CommitState.FAILURE,
                        "airlock/main",
                        "🎈".repeat(200) + "\nsecond line",
                        "http://localhost:9999/" + "x".repeat(300));
        github.answers(201, "{}").post(update);

        var body = new JsonMapper().readTree(github.request().getBody().utf8());
        assertThat(body.path("description").stringValue()).isEqualTo("🎈".repeat(139) + "…");
        assertThat(body.has("target_url")).isFalse();
        assertThat(body.path("state").stringValue()).isEqualTo("failure");
    }
}
