package airlock.webhook;

import airlock.event.Delivery;
import airlock.event.Kept;
import airlock.forge.EventReading;

/// Stores deliveries together with what they cause.
///
/// **Threads**: any. **Failures**: a runtime exception means that nothing was stored; the forge
/// gets 503. **Limits**: forges wait five seconds for the answer, so no call to a forge.
@FunctionalInterface
interface DeliveryKeeper {
    /// Stores a delivery whose signature was valid, in one transaction. The first delivery of a hook
    /// pins the repository that it names; later ones of another repository are refused (T8).
    Kept keep(HookTarget hook, Delivery delivery, EventReading.Sound reading);
}
