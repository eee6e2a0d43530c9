package airlock.webhook;

import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.forge.Headers;
import airlock.forge.Recording;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/// An intake with the one hook that the recordings were made with.
final class IntakeOfRecordings {
    static final String PATH = "local/alice/widget";
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));

    final KeeperInMemory keeper = new KeeperInMemory();
    final WebhookIntake intake;

    final HooksInMemory hooks = new HooksInMemory();

    private IntakeOfRecordings(HookTarget target) {
        hooks.with(target);
        intake = new WebhookIntake(hooks, keeper, new BodyBudget(8, 64 << 20), CLOCK);
    }

    static IntakeOfRecordings open() {
        return with(new HookTarget.Pin.ByFirstDelivery(), Recording.SECRET);
    }

    static IntakeOfRecordings pinnedTo(String id) {
        return with(new HookTarget.Pin.To(new RepositoryId("local", id)), Recording.SECRET);
    }

    static IntakeOfRecordings with(HookTarget.Pin pin, Secret... secrets) {
        return new IntakeOfRecordings(
                new HookTarget(PATH, "local", ForgeKind.GITEA, HookKey.all(secrets), pin));
    }

    HookAnswer take(Recording recording) {
        return take(recording, recording.body());
    }

    HookAnswer take(Recording recording, byte[] body) {
        return intake.take(new HookRequest(recording.method(), PATH, recording.headers()), body);
    }

    /// A push of Gitea with this body, signed rightly.
    HookAnswer takeSigned(byte[] body, String event, String deliveryId) {
        return intake.take(new HookRequest("POST", PATH, signed(body, event, deliveryId)), body);
    }

    static Headers signed(byte[] body, String event, String deliveryId) {
        return Headers.ofSingle(
                Map.of(
                        "Content-Type",
                        "application/json",
                        "X-Gitea-Event",
                        event,
                        "X-Gitea-Delivery",
                        deliveryId,
                        "X-Gitea-Signature",
                        Signatures.sign(Recording.SECRET, body)));
    }
}
