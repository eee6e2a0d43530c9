package airlock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.DeliveryOutcome;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.forge.Forge.EventReading;
import airlock.forge.Headers;
import airlock.forge.Recording;
import airlock.webhook.WebhookIntake.HookRequest;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookIntakeTest {
    private static final String LEFT_OUT = "(left out)";
    private static final String PATH = IntakeOfRecordings.PATH;
    private static final byte[] PING = "{\"repository\": {\"id\": 2}}".getBytes(UTF_8);

    private final IntakeOfRecordings at = IntakeOfRecordings.open();

    @Test
    void anUnknownHookAnswersAsAWrongSignatureDoes() {
        Headers right = IntakeOfRecordings.signed(PING, "push", "1");
        HookAnswer wrong = take(PATH, "X-Gitea-Signature", "00");

        assertThat(wrong.status()).isEqualTo(401);
        for (String path : List.of("local/alice/nowhere", "elsewhere/alice/widget", "", "/")) {
            assertThat(at.take(new HookRequest("POST", path, right), PING)).isEqualTo(wrong);
        }
    }

    @Test
    void anUnknownHookCostsTheSameStepsAsAKnownOne() {
        Headers unsigned = request("X-Gitea-Signature", "00").headers();
        for (String path : List.of(PATH, "local/alice/nowhere", "elsewhere/alice/widget")) {
            at.hooks.looks.clear();
            var request = new HookRequest("POST", path, unsigned);
            assertThat(at.intake.receive(request, new ByteArrayInputStream(PING)).status())
                    .isEqualTo(401);
            assertThat(at.hooks.looks).as(path).containsExactly("kind of a forge", "hook");
            assertThat(at.keeper.readings).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                LEFT_OUT,
                "",
                "0",
                "sha256=",
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1"
            })
    void missingEmptyAndWrongSignaturesAreRefusedAlike(String signature) {
        assertThat(take(PATH, "X-Gitea-Signature", signature)).isEqualTo(Refusal.SIGNATURE.with());
        assertThat(at.keeper.readings).isEmpty();
    }

    @Test
    void aBodyIsNotParsedBeforeItsSignatureIsRight() {
        byte[] junk = "{{{{".getBytes(UTF_8);

        assertThat(at.take(request("X-Gitea-Signature", "00"), junk).status()).isEqualTo(401);
        assertThat(at.takeSigned(junk, "push", "1").status()).isEqualTo(400);
    }

    @Test
    void twoSignaturesAreNone() {
        String right = Signatures.sign(Recording.SECRET, PING);
        var headers = new HashMap<String, List<String>>();
        headers.put("content-type", List.of("application/json; charset=utf-8"));
        headers.put("x-gitea-event", List.of("ping"));
        headers.put("x-gitea-delivery", List.of("1"));
        headers.put("x-gitea-signature", List.of(right, right));
        var twice = new HookRequest("POST", PATH, Headers.of(headers));
        headers.put("x-gitea-signature", List.of(right));
        var once = new HookRequest("POST", PATH, Headers.of(headers));

        assertThat(at.take(twice, PING).status()).isEqualTo(401);
        assertThat(at.take(once, PING).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "HEAD", "DELETE", "PATCH", "post"})
    void onlyPostIsTaken(String method) {
        Headers headers = IntakeOfRecordings.signed(PING, "ping", "1");

        assertThat(at.take(new HookRequest(method, PATH, headers), PING).status()).isEqualTo(405);
        assertThat(at.take(new HookRequest(method, "no/such/hook", headers), PING).status())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                LEFT_OUT,
                "",
                "application/x-www-form-urlencoded",
                "text/plain",
                "multipart/form-data",
                "application/jsonx"
            })
    void onlyJsonIsTaken(String type) {
        assertThat(take(PATH, "Content-Type", type).status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Gitea-Event", "X-Gitea-Delivery"})
    void aDeliveryWithoutItsEventOrIdIsRefused(String missing) {
        assertThat(take(PATH, missing, LEFT_OUT).status()).isEqualTo(400);
        assertThat(take(PATH, missing, "two words\u0007").status()).isEqualTo(400);
    }

    /// Events of GitHub and Gitea that Airlock ignores; after a 400, a forge shows the hook as
    /// broken or even disables it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "projects_v2",
                "projects_v2_item",
                "projects_v2_status_update",
                "pull_request_review_approved",
                "secret_scanning_alert_location",
                "workflow_job",
                "issue_comment",
                "Event.With-Other:Letters2"
            })
    void whateverAnEventIsCalledThatAsksForNoTestIsAnswered200(String event) {
        for (String body :
                List.of(
                        "{\"repository\": {\"id\": 2}, \"action\": \"made\"}",
                        "{\"organization\": {\"id\": 9}, \"ref\": 7, \"changes\": null}")) {
            assertThat(at.takeSigned(body.getBytes(UTF_8), event, event + body.length()).status())
                    .as(body)
                    .isEqualTo(200);
        }
    }

    @Test
    void bothSecretsAreGoodWhileOneReplacesTheOther() {
        var rotating = IntakeOfRecordings.with(new Secret("new"), Recording.SECRET);

        assertThat(rotating.take(Recording.number(6)).status()).isEqualTo(202);
    }

    @Test
    void aDeliveryIdWithOtherBytesIsRefused() {
        assertThat(at.takeSigned(PING, "ping", "same").status()).isEqualTo(200);
        assertThat(at.takeSigned(PING, "ping", "same").status()).isEqualTo(200);
        assertThat(at.takeSigned("{}".getBytes(UTF_8), "ping", "same").status()).isEqualTo(409);
    }

    @Test
    void whatCanNotBeKeptIsUnavailable() {
        HookAnswer answer =
                keptBy(
                        (_, _, _) -> {
                            throw new IllegalStateException("disk full");
                        });

        assertThat(answer)
                .isInstanceOfSatisfying(
                        HookAnswer.Unavailable.class,
                        unavailable -> {
                            assertThat(unavailable.status()).isEqualTo(503);
                            assertThat(unavailable.retryAfter()).isPositive();
                            assertThat(unavailable.detail()).doesNotContain("disk full");
                        });
    }

    @Test
    void theKeeperGetsTheDeliveryAsItCame() {
        HookAnswer answer =
                keptBy(
                        (_, delivery, reading) -> {
                            assertThat(delivery.hook()).isEqualTo(PATH);
                            assertThat(delivery.deliveryId()).isEqualTo("1");
                            assertThat(delivery.eventName()).isEqualTo("ping");
                            assertThat(delivery.body()).isEqualTo(PING);
                            assertThat(delivery.bodyHash()).hasSize(64);
                            assertThat(delivery.received())
                                    .isEqualTo(IntakeOfRecordings.CLOCK.instant());
                            assertThat(reading)
                                    .isInstanceOfSatisfying(
                                            EventReading.NothingToDo.class,
                                            nothing ->
                                                    assertThat(nothing.repository())
                                                            .isEqualTo(
                                                                    new RepositoryId(
                                                                            "local", "2")));
                            return new DeliveryOutcome.NothingToDo("seen");
                        });

        assertThat(answer).isEqualTo(new HookAnswer.NothingToDo("seen"));
    }

    @Test
    void theCapIsTheForges() {
        byte[] sixMib = new byte[6 << 20];

        assertThat(receive(ForgeKind.GITEA, sixMib)).isEqualTo(413);
        assertThat(receive(ForgeKind.FORGEJO, sixMib)).isEqualTo(413);
        assertThat(receive(ForgeKind.GITHUB, sixMib)).isEqualTo(401);
        assertThat(receive(ForgeKind.GITHUB, new byte[(25 << 20) + 1])).isEqualTo(413);
    }

    @Test
    void aDeclaredLengthOverTheCapIsRefusedUnread() {
        var declared =
                Headers.ofSingle(
                        Map.of("Content-Type", "application/json", "Content-Length", "5242881"));
        var body = new ByteArrayInputStream(new byte[10]);

        assertThat(at.intake.receive(new HookRequest("POST", PATH, declared), body).status())
                .isEqualTo(413);
        assertThat(body.available()).isEqualTo(10);
    }

    private static int receive(ForgeKind kind, byte[] body) {
        var json = Headers.ofSingle(Map.of("Content-Type", "application/json"));
        return IntakeOfRecordings.with("x/y", kind, Optional.empty(), new Secret("s"))
                .take(new HookRequest("POST", "x/y", json), body)
                .status();
    }

    private HookAnswer keptBy(WebhookIntake.Keeper keeper) {
        return IntakeOfRecordings.intake(at.hooks, keeper)
                .receive(
                        new HookRequest("POST", PATH, IntakeOfRecordings.signed(PING, "ping", "1")),
                        new ByteArrayInputStream(PING));
    }

    private HookAnswer take(String path, String header, String value) {
        var request = request(header, value);
        return at.take(new HookRequest("POST", path, request.headers()), PING);
    }

    /// A valid ping with one header changed.
    private static HookRequest request(String header, String value) {
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("X-Gitea-Event", "ping");
        headers.put("X-Gitea-Delivery", "1");
        headers.put("X-Gitea-Signature", Signatures.sign(Recording.SECRET, PING));
        headers.remove(header);
        if (!value.equals(LEFT_OUT)) {
            headers.put(header, value);
        }
        return new HookRequest("POST", PATH, Headers.ofSingle(headers));
    }
}
