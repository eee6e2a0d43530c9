package airlock.forge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.forge.ChangeLister.ChangesAnswer;
import airlock.forge.Forge.EventReading;
import airlock.forge.StatusPoster.CommitState;
import airlock.forge.StatusPoster.LatestAnswer;
import airlock.forge.StatusPoster.PostAnswer;
import airlock.forge.StatusPoster.StatusUpdate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Requirements of every kind of forge, tested with a scripted one.
@ParameterizedClass
@EnumSource(ForgeKind.class)
final class ForgeTest {
    private static final CommitId COMMIT = new CommitId("c489f6e2615fb94da251bc88835c7397cdd6923c");
    private static final String CHANGE =
            """
            {"number": 7, "title": "Add a keel", "state": "open", "draft": false,
             "user": {"login": "grace"},
             "head": {"ref": "keel", "sha": "%s", "repo": {"id": 2}},
             "base": {"ref": "main", "repo": {"id": 2}}}
            """
                    .formatted(COMMIT);

    private final ForgeKind kind;
    private final Forge forge;
    private final MockForge server;
    private final ForgeRepository repository;

    ForgeTest(ForgeKind kind) {
        this.kind = kind;
        this.forge = Forge.of(kind);
        this.server = new MockForge(kind);
        this.repository = new ForgeRepository(new RepositoryId(kind.key(), "2"), "alice/widget");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Map<String, List<String>> delivery() {
        var headers = new HashMap<String, List<String>>();
        forge.signatureLines("00ff")
                .forEach(
                        line -> {
                            String[] parts = line.split(": ", 2);
                            headers.put(parts[0], List.of(parts[1]));
                        });
        headers.put(forge.headerPrefix() + "Event", List.of("push"));
        headers.put(forge.headerPrefix() + "Delivery", List.of("id-1"));
        return headers;
    }

    @Test
    void readsTheHeadersOfItsOwnDeliveries() {
        var headers = Headers.of(delivery());
        assertThat(forge.claimedSignature(headers)).isEqualTo("00ff");
        assertThat(forge.eventName(headers)).isEqualTo("push");
        assertThat(forge.deliveryId(headers)).isEqualTo("id-1");
    }

    @Test
    void takesNoSignatureThatIsMissingOrDoubled() {
        var headers = delivery();
        headers.replaceAll(
                (name, values) ->
                        name.contains("Signature")
                                ? List.of(values.getFirst(), values.getFirst())
                                : values);
        assertThat(forge.claimedSignature(Headers.of(headers))).isEmpty();
        assertThat(forge.claimedSignature(Headers.of(Map.of()))).isEmpty();
    }

    @Test
    void readsPushesAndChangeRequests() {
        String push =
                """
                {"ref": "refs/heads/main", "before": "%s", "after": "%s", "repository": {"id": 2}}
                """
                        .formatted("a".repeat(40), COMMIT);
        String opened =
                """
                {"action": "opened", "repository": {"id": 2}, "pull_request": %s}
                """
                        .formatted(CHANGE);
        assertThat(Readings.line(forge.read("x", "push", push.getBytes(UTF_8))))
                .startsWith("repository 2 pushed refs/heads/main");
        assertThat(forge.read("x", "pull_request", opened.getBytes(UTF_8)))
                .isInstanceOf(EventReading.Understood.class);
        assertThat(forge.read("x", "push", "{".getBytes(UTF_8)))
                .isInstanceOf(EventReading.Malformed.class);
    }

    private PostAnswer post(String description) {
        return server.statuses()
                .post(
                        repository,
                        new StatusUpdate(
                                COMMIT,
                                CommitState.SUCCESS,
                                "airlock/main",
                                description,
                                "http://ci/x"));
    }

    @Test
    void takesAStatusWithItsTokenAndShortEnough() throws InterruptedException {
        server.answers(201, "{}");
        assertThat(post("x".repeat(300))).isInstanceOf(PostAnswer.Posted.class);
        var request = server.request();
        assertThat(request.getTarget()).endsWith("/repos/alice/widget/statuses/" + COMMIT);
        assertThat(request.getHeaders().get("Authorization"))
                .isEqualTo(forge.traits().authorizationScheme() + " a-secret-token");
        assertThat(request.getBody().utf8())
                .contains("x".repeat(forge.traits().statuses().longestDescription() - 1) + "…\"");
    }

    @Test
    void refusesATokenForAllRepositoriesAndARightForOne() {
        server.answers(401, "{}").answers(403, "{}");
        assertThat(post("passed"))
                .isInstanceOfSatisfying(
                        ApiFailure.Refused.class,
                        refused ->
                                assertThat(refused.scope()).isEqualTo(ApiFailure.Scope.CREDENTIAL));
        assertThat(post("passed"))
                .isInstanceOfSatisfying(
                        ApiFailure.Refused.class,
                        refused ->
                                assertThat(refused.cure())
                                        .isEqualTo(forge.traits().advice().grantWriting()));
    }

    @Test
    void tellsTheNewestStatusOfAContext() {
        String listed =
                "{\"total_count\": 1, \"statuses\": [{\"context\": \"airlock\", \"%s\": \"success\"}]}"
                        .formatted(forge.traits().statuses().stateField());
        server.answers(200, listed, "X-Total-Count: 1").answers(200, listed, "X-Total-Count: 1");
        assertThat(server.statuses().latest(repository, COMMIT, "airlock"))
                .isEqualTo(new LatestAnswer.Found("success", "", ""));
        assertThat(server.statuses().latest(repository, COMMIT, "other"))
                .isEqualTo(new LatestAnswer.None());
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void listsItsOpenChangeRequestsOldestFirst() throws InterruptedException {
        server.answers(200, "[" + CHANGE + "]");
        assertThat(server.changes().open(repository, 1, ""))
                .isInstanceOfSatisfying(
                        ChangesAnswer.Page.class,
                        page ->
                                assertThat(page.open())
                                        .singleElement()
                                        .satisfies(
                                                change ->
                                                        assertThat(change.head())
                                                                .isEqualTo(COMMIT)));
        assertThat(server.request().getTarget()).contains("state=open", "page=1", "sort=", "=50");
    }

    @Test
    void saysWhereToReadAndWhatToGrant() {
        assertThat(forge.traits().changePath().formatted(7)).startsWith("/").endsWith("/7");
        assertThat(forge.traits().treePath().formatted("branch")).startsWith("/").endsWith("/");
        assertThat(forge.traits().advice().grantScopes()).isNotEmpty();
        assertThat(forge.traits().advice().showRepository()).isNotEmpty();
        assertThat(forge.traits().largestBody()).isPositive();
        assertThat(kind.key()).isNotEmpty();
    }
}
