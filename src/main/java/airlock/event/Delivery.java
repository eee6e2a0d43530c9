package airlock.event;

import java.time.Instant;

/// A webhook request, unchanged.
///
/// @param hook the hook's path, `FORGE/NAME`; delivery ids count per hook
/// @param deliveryId the forge's id for the delivery
/// @param eventName the forge's name for the event
/// @param received when its last byte came
/// @param body the signed bytes
/// @param bodyHash SHA-256 of `body`, lower-case hex
public record Delivery(
        String hook,
        String deliveryId,
        String eventName,
        Instant received,
        byte[] body,
        String bodyHash) {}
