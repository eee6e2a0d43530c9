package airlock.event;

import java.time.Instant;

/// The sum of one owner's items of one kind.
///
/// @param owner as [StockItem#owner()]
/// @param outside whether only runs from outside made them; an owner may have both sums
/// @param items their number
/// @param oldest the earliest last use
public record StockSum(String owner, boolean outside, long items, long bytes, Instant oldest) {}
