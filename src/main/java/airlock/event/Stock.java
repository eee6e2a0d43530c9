package airlock.event;

/// All of one kind that is kept on disk and may be removed some day.
///
/// **Threads**: one at a time; others may use what is kept meanwhile. **Crashes**: what is kept is
/// never named by a row and missing, whenever the server dies during a removal; a file that no row
/// names may stay, until [#tidy()].
public interface Stock {
    /// Reads what there is.
    StockLook look();

    /// Removes `item`, unless it is needed by now; says whether it is gone.
    boolean remove(StockItem item);

    /// Removes files that nothing names, which a crash left; returns how many. It reads the names
    /// of all files.
    int tidy();
}
