package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.ForgeEvent;
import airlock.event.ForgeKind;
import airlock.forge.ChangeLister.ChangesAnswer;
import airlock.yaml.Mutations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists of change requests: recorded, documented, and hostile ones.
final class HttpChangesTest {
    private static final ForgeRepository WIDGET = MockForge.WIDGET;

    private static String open(long number, long base) {
        return """
        {"number": %d, "state": "open", "title": "t", "user": {"login": "bob"},
         "head": {"ref": "topic", "sha": "%s", "repo": {"id": 2}},
         "base": {"ref": "main", "repo": {"id": %d}}}
        """
                .formatted(number, "a".repeat(40), base);
    }

    private static ChangesAnswer.Page page(MockForge forge, int number) {
        return (ChangesAnswer.Page) forge.changes().open(WIDGET, number, "");
    }

    @Test
    void theRecordedListTellsForksAgitAndOurOwnBranchesApart() {
        try (var forge = new MockForge(ForgeKind.GITEA).answersAsRecorded(154)) {
            var page = page(forge, 1);

            assertThat(page.open())
                    .extracting(change -> change.change().number() + " " + change.headRef())
                    .containsExactly("10 ", "9 ", "8 ", "7 ", "6 topic/force", "5 topic/hand");
            assertThat(page.open())
                    .extracting(ForgeEvent.ChangeOffered::before)
                    .containsOnly(CommitId.NONE);
            assertThat(page.more()).isFalse();
        }
    }

    @Test
    void theRecordedPagesSayWhetherMoreFollow() throws Exception {
        try (var forge =
                new MockForge(ForgeKind.GITEA)
                        .answersAsRecorded(152)
                        .answersAsRecorded(153)
                        .answersAsRecorded(155)) {
            assertThat(page(forge, 1).more()).isTrue();
            assertThat(page(forge, 2).more()).isTrue();
            assertThat(page(forge, 1).more()).isFalse();
            assertThat(forge.request().getTarget()).contains("state=open&page=1&sort=oldest");
            assertThat(forge.request().getTarget()).contains("page=2");
        }
    }

    @Test
    void aKeptConnectionThatTheForgeHasClosedIsNoFault() {
        try (var forge =
                new MockForge(ForgeKind.GITEA)
                        .answers(200, "[]")
                        .dropsTheConnection()
                        .answers(200, "[]")) {
            var changes = forge.changes();
            assertThat(changes.open(WIDGET, 1, "")).isInstanceOf(ChangesAnswer.Page.class);
            assertThat(changes.open(WIDGET, 1, "")).isInstanceOf(ChangesAnswer.Page.class);
            assertThat(forge.requests()).isEqualTo(3);
        }
    }

    @Test
    void aTokenThatMayNotReadIsToldSo() {
        try (var forge = new MockForge(ForgeKind.GITEA).answers(403, "{}")) {
            assertThat(forge.changes().open(WIDGET, 1, "").toString())
                    .contains("its token may not read the repository");
        }
    }

    @Test
    void anEtagIsSentAndItsAnswerUnderstood() throws Exception {
        try (var forge =
                new MockForge(ForgeKind.GITHUB)
                        .answers(200, "[" + open(1, 2) + "]", "ETag: W/\"abc\"")
                        .answers(304, "")) {
            var page = page(forge, 1);
            assertThat(forge.changes().open(WIDGET, 1, page.etag()))
                    .isInstanceOf(ChangesAnswer.Same.class);
            forge.request();
            assertThat(forge.request().getHeaders().get("If-None-Match")).isEqualTo("W/\"abc\"");
        }
    }

    @Test
    void whenATenthOfTheAllowanceIsLeftItIsLeftToStatuses() {
        try (var forge =
                new MockForge(ForgeKind.GITHUB)
                        .answers(
                                200,
                                "[]",
                                "x-ratelimit-limit: 5000",
                                "x-ratelimit-remaining: 500",
                                "x-ratelimit-reset: "
                                        + MockForge.NOW.plusSeconds(60).getEpochSecond())) {
            var page = page(forge, 1);
            assertThat(page.restUntil()).contains(MockForge.NOW.plusSeconds(60));
        }
    }

    @Test
    void aLimitSaysHowLongToWait() {
        try (var forge =
                new MockForge(ForgeKind.GITHUB)
                        .answers(429, "{}", "Retry-After: 77")
                        .answers(403, "{\"message\": \"API rate limit exceeded\"}")
                        .answers(403, "{}")) {
            assertThat(forge.changes().open(WIDGET, 1, ""))
                    .isInstanceOfSatisfying(
                            ApiFailure.Retry.class,
                            retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(77)));
            assertThat(forge.changes().open(WIDGET, 1, ""))
                    .isInstanceOfSatisfying(
                            ApiFailure.Retry.class,
                            retry -> assertThat(retry.after()).isPositive());
            assertThat(forge.changes().open(WIDGET, 1, "")).isInstanceOf(ApiFailure.Refused.class);
        }
    }

    @Test
    void anEntryOfAnotherRepositorySpoilsThePageAndTheNameIsAskedForByTheId() throws Exception {
        try (var forge =
                new MockForge(ForgeKind.GITEA)
                        .answers(200, "[" + open(1, 2) + "," + open(2, 3) + "]")
                        .answers(200, "{\"id\": 2, \"full_name\": \"alice/gadget\"}")
                        .answers(200, "[" + open(1, 3) + "]")
                        .answers(200, "{\"id\": 2, \"full_name\": \"alice/widget\"}")) {
            assertThat(forge.changes().open(WIDGET, 1, ""))
                    .isEqualTo(new ApiFailure.Renamed("alice/gadget"));
            assertThat(forge.changes().open(WIDGET, 1, "")).isInstanceOf(ApiFailure.Refused.class);
            forge.request();
            assertThat(forge.request().getTarget()).endsWith("/repositories/2");
        }
    }

    @Test
    void oneOddEntryHidesNoOther() {
        String odd = open(2, 2).replace("\"main\"", "\"a..b\"");
        try (var forge =
                new MockForge(ForgeKind.GITEA)
                        .answers(200, "[" + open(1, 2) + "," + odd + "," + open(3, 2) + "]")) {
            var page = page(forge, 1);
            assertThat(page.open())
                    .extracting(change -> change.change().number())
                    .containsExactly(1L, 3L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{}",
                "[1]",
                "[[]]",
                "[{}]",
                "[{\"number\": 1, \"number\": 2}]",
                "[] []",
                "[",
                "null"
            })
    void whatIsNoListOfChangeRequestsIsTriedAgainLater(String body) {
        try (var forge = new MockForge(ForgeKind.GITEA).answers(200, body)) {
            assertThat(forge.changes().open(WIDGET, 1, "")).isInstanceOf(ApiFailure.Retry.class);
        }
    }

    @Test
    void aNestingOrAListWithoutEndIsCutOff() {
        String deep = "[" + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000) + "]";
        String wide = "[" + (open(1, 2) + ",").repeat(1_001) + open(1, 2) + "]";
        try (var forge = new MockForge(ForgeKind.GITEA).answers(200, deep).answers(200, wide)) {
            assertThat(forge.changes().open(WIDGET, 1, "")).isInstanceOf(ApiFailure.Retry.class);
            assertThat(forge.changes().open(WIDGET, 1, "")).isInstanceOf(ApiFailure.Retry.class);
        }
    }

    @Test
    void noMutationOfAListIsAnythingButAnAnswer() {
        var recorded = MockForge.recorded(154).path("response").path("body");
        byte[] good =
                ("[" + recorded.get(0) + "," + recorded.get(2) + "]")
                        .getBytes(StandardCharsets.UTF_8);
        var random = new Random(20261124);
        try (var forge = new MockForge(ForgeKind.GITEA)) {
            var changes = forge.changes();
            for (int i = 0; i < 200; i++) {
                byte[] spoiled = Mutations.of(good, random);
                forge.answers(200, new String(spoiled, StandardCharsets.ISO_8859_1));
                // for a page that seems to be of another repository, its name is requested
                forge.answers(200, "{\"id\": 2, \"full_name\": \"alice/widget\"}");
                int before = forge.requests();
                var answer = changes.open(WIDGET, 1, "");
                if (forge.requests() == before + 1) {
                    changes.check(WIDGET);
                }
                if (answer instanceof ChangesAnswer.Page page) {
                    assertThat(page.open())
                            .allMatch(change -> change.repository().equals(WIDGET.id()));
                }
            }
        }
    }

    @Test
    void oneThatIsGoneIsClosedAndARedirectIsNotFollowed() {
        try (var forge =
                new MockForge(ForgeKind.GITHUB)
                        .answersAsRecorded(156)
                        .answers(302, "", "Location: http://127.0.0.1:1/elsewhere")
                        .answers(200, "{\"id\": 2, \"full_name\": \"alice/widget\"}")) {
            assertThat(forge.changes().one(WIDGET, 9999)).isInstanceOf(ChangesAnswer.Closed.class);
            assertThat(forge.changes().one(WIDGET, 1)).isInstanceOf(ApiFailure.Refused.class);
            assertThat(forge.requests()).isEqualTo(3);
        }
    }
}
