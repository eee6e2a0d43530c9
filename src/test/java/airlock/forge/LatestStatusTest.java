package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.forge.StatusPoster.CommitState;
import airlock.forge.StatusPoster.LatestAnswer;
import airlock.forge.StatusPoster.StatusUpdate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatestStatusTest {
    private static final CommitId COMMIT = new CommitId("c489f6e2615fb94da251bc88835c7397cdd6923c");

    private final MockForge gitea = new MockForge(ForgeKind.GITEA);
    private final MockForge github = new MockForge(ForgeKind.GITHUB);

    @AfterEach
    void close() {
        gitea.close();
        github.close();
    }

    @Test
    void theNewestStateOfAContextIsFoundAmongOthers() throws InterruptedException {
        LatestAnswer answer = gitea.answersAsRecorded(137).latest(COMMIT, "airlock/pre_plan");

        assertThat(answer)
                .isEqualTo(
                        new LatestAnswer.Found(
                                "success", "number 1", "http://localhost:9999/runs/1"));
        assertThat(gitea.request().getTarget())
                .isEqualTo(
                        "/api/v1/repos/alice/widget/commits/" + COMMIT + "/status?page=1&limit=50");
    }

    @Test
    void aCommitWithoutStatusesHasNone() {
        assertThat(gitea.answersAsRecorded(148).latest(COMMIT, "airlock"))
                .isEqualTo(new LatestAnswer.None());
    }

    @Test
    void aContextThatDiffersByCaseIsAnotherAtGiteaAndTheSameAtGitHub() {
        gitea.answers(200, page("status", 1, 1), "X-Total-Count: 1");
        github.answers(200, page("state", 1, 1));

        assertThat(gitea.latest(COMMIT, "CTX-1")).isEqualTo(new LatestAnswer.None());
        assertThat(github.latest(COMMIT, "CTX-1")).isInstanceOf(LatestAnswer.Found.class);
    }

    @Test
    void allPagesAreLookedAt() throws InterruptedException {
        gitea.answers(200, page("status", 1, 50), "X-Total-Count: 101")
                .answers(200, page("status", 51, 100), "X-Total-Count: 101")
                .answers(200, page("status", 101, 101), "X-Total-Count: 101");

        assertThat(gitea.latest(COMMIT, "ctx-101"))
                .isEqualTo(new LatestAnswer.Found("success", "", ""));
        gitea.request();
        gitea.request();
        assertThat(gitea.request().getTarget()).endsWith("?page=3&limit=50");
    }

    /// 249: a page of 30; the body counts 30, the header 40.
    @Test
    void thePageIsNotTakenForTheWhole() {
        gitea.answersAsRecorded(249).answers(200, page("status", 31, 40), "X-Total-Count: 40");

        assertThat(gitea.latest(COMMIT, "no such context")).isEqualTo(new LatestAnswer.None());
        assertThat(gitea.requests()).isEqualTo(2);
    }

    @Test
    void aForgeThatCountsNothingIsReadToTheEmptyPage() {
        gitea.answers(200, page("status", 1, 50)).answers(200, "{\"statuses\": []}");

        assertThat(gitea.latest(COMMIT, "airlock")).isEqualTo(new LatestAnswer.None());
    }

    @Test
    void whatCanNotBeReadIsAskedAgain() {
        gitea.answers(200, "<html>").answers(200, "[]").answers(502, "");

        for (int i = 0; i < 3; i++) {
            assertThat(gitea.latest(COMMIT, "airlock")).isInstanceOf(ApiFailure.Retry.class);
        }
    }

    @Test
    void anUnknownCommitIsRefused() {
        assertThat(gitea.answersAsRecorded(140).latest(COMMIT, "airlock"))
                .isInstanceOf(ApiFailure.Refused.class);
    }

    @Test
    void whatWasPostedIsRecognisedWithItsTextsCut() {
        var update = new StatusUpdate(COMMIT, CommitState.ERROR, "airlock", "x".repeat(300), "");
        var found = new LatestAnswer.Found("error", "x".repeat(254) + "…", "");

        assertThat(gitea.statuses().shows(found, update)).isTrue();
        assertThat(github.statuses().shows(found, update)).isFalse();
        assertThat(gitea.statuses().shows(new LatestAnswer.Found("pending", "", ""), update))
                .isFalse();
    }

    @Test
    void twoLongContextsStayTwo() {
        String start = "airlock/main/pr/" + "x".repeat(300);

        assertThat(HttpStatuses.context("airlock/main")).isEqualTo("airlock/main");
        assertThat(HttpStatuses.context(start + "a"))
                .hasSize(255)
                .isNotEqualTo(HttpStatuses.context(start + "b"))
                .isEqualTo(HttpStatuses.context(start + "a"));
    }

    private static String page(String stateKey, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(
                        i ->
                                "{\"context\": \"ctx-%d\", \"%s\": \"success\"}"
                                        .formatted(i, stateKey))
                .collect(Collectors.joining(",", "{\"total_count\": 1, \"statuses\": [", "]}"));
    }
}
