package airlock.event;

import java.time.Instant;

/// Something that is kept and can be removed.
///
/// @param owner whose it is: a repository's `FORGE:ID`, or of deliveries the hook's
///     `FORGE/OWNER/NAME`
/// @param key what it is, among those of its stock and owner
/// @param bytes how much room it takes
/// @param used when it was last of use
/// @param needed whether waiting or running work needs it
/// @param expires when it goes in any case that it is not needed; [Instant#MAX] for never
/// @param outside whether only runs from outside made it: it goes before all others of its owner
public record StockItem(
        String owner,
        String key,
        long bytes,
        Instant used,
        boolean needed,
        Instant expires,
        boolean outside) {
    /// One that goes by its age alone.
    public StockItem(String owner, String key, long bytes, Instant used, boolean needed) {
        this(owner, key, bytes, used, needed, Instant.MAX, false);
    }
}
