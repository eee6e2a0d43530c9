package airlock.event;

import java.time.Instant;

/// Something that is kept and can be removed.
///
/// @param owner whose it is: a repository's `FORGE:ID`, or a hook's `FORGE/OWNER/NAME` where no
///     repository is known
/// @param key what it is, among those of its stock and owner
/// @param bytes how much room it takes
/// @param used when it was last of use
/// @param needed whether waiting or running work needs it
public record StockItem(String owner, String key, long bytes, Instant used, boolean needed) {}
