package airlock.event;

import java.time.Instant;

/// A stored item that can be removed.
///
/// @param owner a repository's `FORGE:ID`, or for deliveries the hook's `FORGE/OWNER/NAME`
/// @param key unique in its stock and owner
/// @param used when it was last used
/// @param needed whether waiting or running work needs it
/// @param expires when it is removed unless it is needed; [Instant#MAX] for never
/// @param outside whether only runs from outside made it, so that it is removed before all others
///     of its owner
public record StockItem(
        String owner,
        String key,
        long bytes,
        Instant used,
        boolean needed,
        Instant expires,
        boolean outside) {
    /// An item without expiry that is not only from outside.
    public StockItem(String owner, String key, long bytes, Instant used, boolean needed) {
        this(owner, key, bytes, used, needed, Instant.MAX, false);
    }
}
