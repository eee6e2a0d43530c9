package airlock.event;

/// All stored items of one kind, which may be removed some day.
///
/// **Threads**: one at a time; others may use the items meanwhile. **Crashes**: even if the server
/// dies during a removal, no row names a missing file; a file without a row may stay until
/// [#tidy()].
public interface Stock {
    /// Reads the items.
    StockLook look();

    /// Removes `item` unless it is needed by now; returns whether it did.
    boolean remove(StockItem item);

    /// Removes files without a row, which a crash left; returns how many. Reads the names of all
    /// files.
    int tidy();
}
