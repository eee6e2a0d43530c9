package airlock.event;

import java.util.List;

/// All of one kind that is kept on disk and may be removed some day.
///
/// **Threads**: one at a time; others may use what is kept meanwhile. **Crashes**: what is kept is
/// never named by a row and missing, whenever the server dies during a removal; a file that no row
/// names may stay, until [#tidy()].
public interface Stock {
    /// All of it, in any order.
    List<StockItem> items();

    /// Removes `item`, unless it is needed by now; says whether it is gone.
    boolean remove(StockItem item);

    /// Removes files that nothing names, which a crash left; returns how many.
    int tidy();
}
