package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.forge.Headers;
import airlock.forge.Recording;
import airlock.webhook.WebhookIntake.HookRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The 197 recorded requests of a real Gitea.
class RecordedIntakeTest {
    private static final Set<Integer> NOT_TAKEN = Set.of(153, 154, 156, 188, 192);
    private static final String PATH = IntakeOfRecordings.PATH;
    private final IntakeOfRecordings at = IntakeOfRecordings.open();

    @Test
    void all192WithAFittingSignatureAreTaken() {
        List<Recording> fitting =
                Recording.all().stream()
                        .filter(recording -> !NOT_TAKEN.contains(recording.number()))
                        .toList();

        assertThat(fitting).hasSize(192);
        assertThat(fitting)
                .allSatisfy(
                        recording ->
                                assertThat(at.take(recording).status())
                                        .as(recording.name())
                                        .isIn(200, 202));
        assertThat(at.keeper.readings).hasSize(192);
    }

    @Test
    void deliveriesOfHooksWithoutASecretAreRefusedAlike() {
        HookAnswer missing =
                at.take(
                        new HookRequest(
                                "POST",
                                PATH,
                                Headers.ofSingle(
                                        Map.of(
                                                "Content-Type", "application/json",
                                                "X-Gitea-Event", "push",
                                                "X-Gitea-Delivery", "1"))),
                        Recording.number(6).body());

        assertThat(List.of(153, 154))
                .allSatisfy(
                        number -> assertThat(at.take(Recording.number(number))).isEqualTo(missing));
        assertThat(missing.status()).isEqualTo(401);
        assertThat(at.keeper.readings).isEmpty();
    }

    @Test
    void aFormIsToldToBecomeJson() {
        assertThat(at.take(Recording.number(156)))
                .asInstanceOf(type(HookAnswer.Refused.class))
                .satisfies(
                        refused -> {
                            assertThat(refused.status()).isEqualTo(415);
                            assertThat(refused.detail()).contains("Set the hook to JSON");
                        });
    }

    @Test
    void whatARedirectMakesOfADeliveryIsRefused() {
        assertThat(List.of(188, 192))
                .allSatisfy(
                        number ->
                                assertThat(at.take(Recording.number(number)).status())
                                        .isEqualTo(405));
    }

    @Test
    void aRedeliveryWithANewIdIsKnown() {
        HookAnswer first = at.take(Recording.number(193));
        HookAnswer second = at.take(Recording.number(194));

        assertThat(first)
                .asInstanceOf(type(HookAnswer.Accepted.class))
                .extracting(HookAnswer.Accepted::request)
                .isEqualTo(((HookAnswer.Known) second).request());
    }

    @Test
    void aDeliveryOfAnotherRepositoryIsRefusedWhereOneIsPinned() {
        var pinned =
                IntakeOfRecordings.with(PATH, ForgeKind.GITEA, Optional.of("2"), Recording.SECRET);

        assertThat(pinned.take(Recording.number(6)).status()).isEqualTo(202);
        assertThat(pinned.take(Recording.number(165)).status()).isEqualTo(403);
        assertThat(pinned.take(Recording.number(115)).status()).isEqualTo(200);
        assertThat(pinned.keeper.readings).hasSize(2);
    }

    @Test
    void oneBitOfBodySignatureOrSecretMakesEachRefused() {
        var other = otherSecret();
        for (Recording recording : Recording.all()) {
            if (NOT_TAKEN.contains(recording.number())) {
                continue;
            }
            assertThat(at.take(recording, flipped(recording)).status())
                    .as(recording.name())
                    .isEqualTo(401);
            assertThat(other.take(recording).status()).as(recording.name()).isEqualTo(401);
            assertThat(at.take(withOtherSignature(recording), recording.body()).status())
                    .as(recording.name())
                    .isEqualTo(401);
        }
        assertThat(at.keeper.readings).isEmpty();
    }

    private static byte[] flipped(Recording recording) {
        byte[] body = recording.body().clone();
        int bit = recording.number() * 7919 % (body.length * 8);
        body[bit / 8] ^= (byte) (1 << bit % 8);
        return body;
    }

    private static IntakeOfRecordings otherSecret() {
        String secret = Recording.SECRET.reveal();
        char last = (char) (secret.charAt(secret.length() - 1) ^ 1);
        return IntakeOfRecordings.with(new Secret(secret.substring(0, secret.length() - 1) + last));
    }

    private static HookRequest withOtherSignature(Recording recording) {
        String right = recording.headers().only("X-Gitea-Signature");
        int at = recording.number() % right.length();
        char other = (char) (right.charAt(at) ^ 1);
        String wrong = right.substring(0, at) + other + right.substring(at + 1);
        return new HookRequest("POST", PATH, IntakeOfRecordings.headers("push", "1", wrong));
    }
}
