package airlock.event;

import java.time.Instant;

/// How much one owner has of one kind.
///
/// @param owner as [StockItem#owner()]
/// @param outside whether only runs from outside made it; an owner may have a sum of both
/// @param items how many there are
/// @param oldest when the oldest was last of use
public record StockSum(String owner, boolean outside, long items, long bytes, Instant oldest) {}
