package airlock.retention;

import airlock.config.Shelf;

/// Room that is used above what is allowed, and that could not be given back.
///
/// @param owner whose it is, as [airlock.event.StockItem#owner()]; empty for all together
/// @param bytes how much there is
/// @param allowed how much there may be
public record Excess(Shelf shelf, String owner, long bytes, long allowed) {}
