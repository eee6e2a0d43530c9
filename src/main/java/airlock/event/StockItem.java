package airlock.event;

import java.time.Instant;
import java.util.Comparator;

/// Something that is kept and can be removed.
///
/// @param owner whose it is: a repository's `FORGE:ID`, or a hook's `FORGE/OWNER/NAME` where no
///     repository is known
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
    /// Those that have to go first, first: what strangers made, then by age.
    public static final Comparator<StockItem> GOING_FIRST =
            Comparator.comparing((StockItem item) -> !item.outside())
                    .thenComparing(StockItem::used)
                    .thenComparing(StockItem::key);

    /// One that goes by its age alone.
    public StockItem(String owner, String key, long bytes, Instant used, boolean needed) {
        this(owner, key, bytes, used, needed, Instant.MAX, false);
    }
}
