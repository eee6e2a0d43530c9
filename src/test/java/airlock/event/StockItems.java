package airlock.event;

import airlock.event.Stock.StockItem;
import airlock.event.Stock.StockLook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All items of a stock, in order.
public final class StockItems {
    private static final int PAGE = 2;

    private StockItems() {}

    /// Items from outside first, then by last use.
    public static List<StockItem> of(Stock stock) {
        var look = stock.look();
        var all = new ArrayList<StockItem>();
        for (boolean outside : List.of(true, false)) {
            var which = new StockLook.Which("", outside);
            var page = look.oldest(which, Optional.empty(), PAGE);
            while (!page.isEmpty()) {
                all.addAll(page);
                page = look.oldest(which, Optional.of(page.getLast()), PAGE);
            }
        }
        return all;
    }
}
