package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.event.QueuedChanges;
import airlock.event.RepositoryId;
import airlock.yaml.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Merge queues as GitHub documents them, and hostile ones.
final class HttpMergeQueueTest {
    private static final ForgeRepository WIDGET =
            new ForgeRepository(new RepositoryId("github", "2"), "alice/widget");
    private static final CommitId FIRST_GROUP = commit('1');
    private static final CommitId SECOND_GROUP = commit('2');
    private static final CommitId BASE = commit('b');

    private static CommitId commit(char digit) {
        return new CommitId(Character.toString(digit).repeat(40));
    }

    private static String entry(CommitId head, CommitId base, String branch, boolean fork) {
        return """
        {"headCommit": {"oid": "%s"}, "baseCommit": {"oid": "%s"}, "pullRequest":
          {"isCrossRepository": %b, "headRefName": "%s", "headRefOid": "%s"}}
        """
                .formatted(head.hex(), base.hex(), fork, branch, "c".repeat(40));
    }

    private static String queue(String... entries) {
        return """
        {"data": {"repository": {"databaseId": 2, "mergeQueue": {"entries": {"nodes": [%s]}}}}}
        """
                .formatted(String.join(",", entries));
    }

    private static QueuedChanges asked(String answer) {
        try (var forge = new MockForge(ForgeKind.GITHUB).answers(200, answer)) {
            return forge.queue().of(WIDGET, "main", SECOND_GROUP);
        }
    }

    @Test
    void aGroupIsItsEntryAndThoseBeforeItDownToTheTarget() throws Exception {
        String answer =
                queue(
                        entry(FIRST_GROUP, BASE, "topic", false),
                        entry(SECOND_GROUP, FIRST_GROUP, "fix", false),
                        entry(commit('3'), SECOND_GROUP, "later", true));
        try (var forge = new MockForge(ForgeKind.GITHUB).answers(200, answer)) {
            assertThat(forge.queue().of(WIDGET, "main", SECOND_GROUP))
                    .isEqualTo(
                            new QueuedChanges.Named(
                                    BASE,
                                    java.util.List.of(
                                            new QueuedChanges.Head("fix", commit('c')),
                                            new QueuedChanges.Head("topic", commit('c')))));
            var request = forge.request();
            assertThat(request.getTarget()).isEqualTo("/graphql");
            assertThat(request.getBody().utf8())
                    .contains("\"owner\":\"alice\"", "\"branch\":\"main\"", "isCrossRepository");
        }
    }

    @Test
    void aChangeOfAForkAnywhereInItMakesItsChangesUnnamed() {
        assertThat(
                        asked(
                                queue(
                                        entry(FIRST_GROUP, BASE, "topic", true),
                                        entry(SECOND_GROUP, FIRST_GROUP, "fix", false))))
                .isInstanceOf(QueuedChanges.Unnamed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"data\": null, \"errors\": [{\"message\": \"no access\"}]}",
                "{\"data\": {\"repository\": {\"databaseId\": 2, \"mergeQueue\": null}}}",
                "{\"data\": {\"repository\": {\"databaseId\": 3, \"mergeQueue\": {\"entries\":"
                        + " {}}}}}"
            })
    void anAnswerWithoutTheGroupNamesNothing(String answer) {
        assertThat(asked(answer)).isInstanceOf(QueuedChanges.Unnamed.class);
    }

    @Test
    void entriesThatGoRoundInACircleEnd() {
        assertThat(
                        asked(
                                queue(
                                        entry(FIRST_GROUP, SECOND_GROUP, "topic", false),
                                        entry(SECOND_GROUP, FIRST_GROUP, "fix", false))))
                .isInstanceOfSatisfying(
                        QueuedChanges.Named.class, named -> assertThat(named.heads()).hasSize(2));
    }

    @Test
    void anAnswerThatIsTooLongNamesNothing() {
        assertThat(asked(queue(entry(SECOND_GROUP, BASE, "t".repeat(1 << 20), false))))
                .isInstanceOf(QueuedChanges.Unnamed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "500, Away",
        "503, Away",
        "429, Away",
        "401, Unnamed",
        "403, Unnamed",
        "404, Unnamed"
    })
    void onlyAForgeThatIsAwayIsAskedAgain(int status, String answer) {
        try (var forge = new MockForge(ForgeKind.GITHUB).answers(status, "{}")) {
            assertThat(forge.queue().of(WIDGET, "main", SECOND_GROUP).getClass().getSimpleName())
                    .isEqualTo(answer);
        }
    }

    @Test
    void otherForgesAreNotAsked() {
        try (var forge = new MockForge(ForgeKind.FORGEJO)) {
            assertThat(forge.queue().of(WIDGET, "main", SECOND_GROUP))
                    .isInstanceOf(QueuedChanges.Unnamed.class);
            assertThat(forge.requests()).isZero();
        }
    }

    @Test
    void mutatedAnswersAreAnswersToo() {
        byte[] whole =
                queue(
                                entry(FIRST_GROUP, BASE, "topic", false),
                                entry(SECOND_GROUP, FIRST_GROUP, "fix", false))
                        .getBytes(StandardCharsets.UTF_8);
        var random = new Random(18);
        try (var forge = new MockForge(ForgeKind.GITHUB)) {
            for (int i = 0; i < 300; i++) {
                byte[] body = Mutations.of(whole, random);
                forge.answers(200, new String(body, StandardCharsets.ISO_8859_1));
                assertThat(forge.queue().of(WIDGET, "main", SECOND_GROUP)).isNotNull();
            }
        }
    }
}
