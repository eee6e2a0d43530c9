package airlock.forge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.ForgeKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bodies that are neither in the recordings nor in the samples.
class ForgeEventsTest {
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final String ZEROS = "0".repeat(40);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refs/notes/x    | repository 1 nothing: 'refs/notes/x' is neither a branch nor a"
                        + " tag",
                "refs/pull/1/head| repository 1 nothing: 'refs/pull/1/head' is neither a branch nor"
                        + " a tag",
                "refs/heads/a..b | malformed: not a ref below refs/heads/: 'refs/heads/a..b'",
                "refs/heads/     | malformed: not a ref below refs/heads/: 'refs/heads/'",
                "refs/tags/-x~1  | malformed: not a ref below refs/tags/: 'refs/tags/-x~1'",
                "main            | repository 1 pushed refs/heads/main aaaaaaa..bbbbbbb '' by "
            })
    void aPushToAnOddRef(String ref, String expected) {
        String body = push(ref, A, B, 1);

        assertThat(read(ForgeKind.GITEA, "push", body).strip()).isEqualTo(expected.strip());
    }

    @Test
    void idsOf64DigitsAreTaken() {
        String long1 = "1".repeat(64);

        assertThat(read(ForgeKind.GITEA, "push", push("refs/heads/x", "0".repeat(64), long1, 1)))
                .isEqualTo("repository 1 pushed refs/heads/x none..1111111 '' by ");
    }

    @Test
    void whatIsNoCommitIdIsMalformed() {
        for (String id : new String[] {"", "abc", A.toUpperCase(java.util.Locale.ROOT), A + "a"}) {
            assertThat(read(ForgeKind.GITHUB, "push", push("refs/heads/x", A, id, 1)))
                    .startsWith("malformed: not a commit id");
            assertThat(read(ForgeKind.GITHUB, "push", push("refs/heads/x", id, A, 1)))
                    .startsWith("malformed: not a commit id");
        }
    }

    @Test
    void aSkipMarkCountsOnlyInTheMessageOfTheHead() {
        String head = ", \"head_commit\": {\"id\": \"%s\", \"message\": \"x [skip ci]\"}}";
        String start = push("refs/heads/x", A, B, 1);
        start = start.substring(0, start.length() - 1);

        assertThat(read(ForgeKind.GITHUB, "push", start + head.formatted(B))).contains(" skipped ");
        assertThat(read(ForgeKind.GITHUB, "push", start + head.formatted(A)))
                .doesNotContain(" skipped ");
    }

    /// Event names are not signed, so a recorded body must not pass as another event.
    @Test
    void aBodyUnderAnotherEventsNameDoesNothing() {
        String created =
                "{\"ref\": \"v1\", \"ref_type\": \"tag\", \"sha\": \"%s\", \"repository\": {\"id\": 1}}"
                        .formatted(A);

        assertThat(read(ForgeKind.GITEA, "create", created))
                .isEqualTo("repository 1 tagged refs/tags/v1 none..aaaaaaa");
        assertThat(read(ForgeKind.GITEA, "delete", created)).startsWith("malformed");
        assertThat(read(ForgeKind.GITEA, "push", created)).startsWith("malformed");
        assertThat(read(ForgeKind.GITEA, "pull_request", created)).startsWith("malformed");
    }

    @Test
    void aNewTagWithoutACommitIsMalformed() {
        assertThat(
                        read(
                                ForgeKind.GITEA,
                                "create",
                                "{\"ref\": \"v1\", \"ref_type\": \"tag\", \"sha\": \"%s\", \"repository\": {\"id\": 1}}"
                                        .formatted(ZEROS)))
                .isEqualTo("malformed: 'sha' is all zeros");
    }

    @Test
    void whatIsNeitherBranchNorTagIsNotTested() {
        String repository =
                "{\"ref\": null, \"ref_type\": \"repository\", \"repository\": {\"id\": 1}}";

        assertThat(read(ForgeKind.GITHUB, "create", repository)).contains("nothing");
        assertThat(
                        read(
                                ForgeKind.GITHUB,
                                "delete",
                                "{\"ref\": \"x\", \"ref_type\": \"odd\", \"repository\": {\"id\":"
                                        + " 1}}"))
                .contains("nothing");
    }

    @Test
    void anOrganisationsPingIsOfNoRepository() {
        assertThat(
                        read(
                                ForgeKind.GITHUB,
                                "ping",
                                "{\"zen\": \"x\", \"organization\": {\"id\": 1}}"))
                .isEqualTo("nothing: the hook works; a ping asks for nothing");
    }

    @Test
    void aChangeRequestOfAnotherRepositoryThanTheEventsIsMalformed() {
        assertThat(
                        read(
                                ForgeKind.GITHUB,
                                "pull_request",
                                change("opened", 1, 2, "x", "false", "open")))
                .startsWith("malformed: the change request is of another repository");
    }

    @Test
    void wipInATitleIsADraftAtGiteaOnly() {
        String wip = change("opened", 1, 1, "[wip] x", "false", "open");

        assertThat(read(ForgeKind.GITEA, "pull_request", wip)).contains(" draft ");
        assertThat(read(ForgeKind.FORGEJO, "pull_request", wip)).contains(" draft ");
        assertThat(read(ForgeKind.GITHUB, "pull_request", wip)).doesNotContain(" draft ");
    }

    @Test
    void aChangeRequestThatIsClosedIsNotTested() {
        assertThat(
                        read(
                                ForgeKind.GITEA,
                                "pull_request",
                                change("synchronized", 1, 1, "x", "false", "closed")))
                .isEqualTo("repository 1 nothing: the change request is closed");
    }

    @Test
    void aTitleMayAskToSkip() {
        assertThat(
                        read(
                                ForgeKind.GITHUB,
                                "pull_request",
                                change("opened", 1, 1, "x [skip ci]", "false", "open")))
                .contains(" skipped ");
    }

    @Test
    void foreignWordsLoseWhatATerminalWouldObey() {
        assertThat(read(ForgeKind.GITHUB, "push", push("refs/heads/x\\u001b[31m\\u202ey", A, B, 1)))
                .isEqualTo("malformed: not a ref below refs/heads/: 'refs/heads/x�[31m�y'");
    }

    private static String push(String ref, String before, String after, long repository) {
        return "{\"ref\": \"%s\", \"before\": \"%s\", \"after\": \"%s\", \"repository\": {\"id\": %d}}"
                .formatted(ref, before, after, repository);
    }

    private static String change(
            String action, long repository, long base, String title, String draft, String state) {
        return """
        {"action": "%s", "repository": {"id": %d},
         "pull_request": {"number": 3, "title": "%s", "draft": %s, "state": "%s",
          "head": {"ref": "t", "sha": "%s", "repo": {"id": %d}},
          "base": {"ref": "main", "repo": {"id": %d}}}}
        """
                .formatted(action, repository, title, draft, state, A, repository, base);
    }

    private static String read(ForgeKind kind, String event, String body) {
        return Readings.line(Forge.of(kind).read("x", event, body.getBytes(UTF_8)));
    }
}
