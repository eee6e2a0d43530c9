package airlock.webhook;

import airlock.event.Delivery;
import airlock.event.Kept;
import airlock.forge.Reading;

/// Keeps a delivery together with what it causes, in one transaction.
///
/// **Threads**: any, at once. **Failures**: a runtime exception means that nothing was kept; the
/// forge gets 503. **Limits**: forges wait five seconds for the answer, so no call to a forge.
@FunctionalInterface
public interface DeliveryKeeper {
    /// Keeps `delivery`, whose signature was right. Where the hook has no repository pinned yet,
    /// the one that the reading names is pinned; where another one is, the delivery is refused
    /// (T8).
    ///
    /// @return what became of it, once that is on disk
    Kept keep(Delivery delivery, Reading.Sound reading);
}
