package airlock.webhook;

import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.forge.Headers;
import airlock.forge.Recording;
import airlock.webhook.WebhookIntake.HookRequest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// An intake with one hook, by default the one that the recordings were made with.
final class IntakeOfRecordings {
    static final String PATH = "local/alice/widget";
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));

    final KeeperInMemory keeper = new KeeperInMemory();
    final HooksInMemory hooks;
    final WebhookIntake intake;

    private IntakeOfRecordings(HooksInMemory hooks) {
        this.hooks = hooks;
        this.intake = intake(hooks, keeper);
    }

    static IntakeOfRecordings open() {
        return with(Recording.SECRET);
    }

    static IntakeOfRecordings with(Secret... secrets) {
        return with(PATH, ForgeKind.GITEA, Optional.empty(), secrets);
    }

    /// @param pinned the id of the repository that the configuration names
    static IntakeOfRecordings with(
            String path, ForgeKind kind, Optional<String> pinned, Secret... secrets) {
        return new IntakeOfRecordings(new HooksInMemory(path, kind, pinned, secrets));
    }

    static WebhookIntake intake(WebhookIntake.Hooks hooks, WebhookIntake.Keeper keeper) {
        return new WebhookIntake(
                hooks,
                keeper,
                new BodyReader(8, 64 << 20, Duration.ofSeconds(30), System::nanoTime),
                URI.create("https://ci.example"),
                _ -> {},
                CLOCK);
    }

    HookAnswer take(HookRequest request, byte[] body) {
        return intake.receive(request, new ByteArrayInputStream(body));
    }

    HookAnswer take(Recording recording) {
        return take(recording, recording.body());
    }

    HookAnswer take(Recording recording, byte[] body) {
        return take(new HookRequest(recording.method(), PATH, recording.headers()), body);
    }

    /// A delivery of Gitea with this body and a valid signature.
    HookAnswer takeSigned(byte[] body, String event, String deliveryId) {
        return take(new HookRequest("POST", PATH, signed(body, event, deliveryId)), body);
    }

    static Headers signed(byte[] body, String event, String deliveryId) {
        return headers(event, deliveryId, Signatures.sign(Recording.SECRET, body));
    }

    /// The headers of Gitea.
    static Headers headers(String event, String deliveryId, String signature) {
        return Headers.ofSingle(
                Map.of(
                        "Content-Type", "application/json",
                        "X-Gitea-Event", event,
                        "X-Gitea-Delivery", deliveryId,
                        "X-Gitea-Signature", signature));
    }
}
