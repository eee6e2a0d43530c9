package airlock.retention;

import airlock.event.Stock;
import airlock.event.StockItem;
import airlock.event.StockLook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Removes items of one stock, page by page, and counts them.
final class PagedRemoval {
    private static final int PAGE = 100;

    private final Stock stock;
    private final StockLook look;
    private long items;
    private long bytes;

    PagedRemoval(Stock stock) {
        this.stock = stock;
        this.look = stock.look();
    }

    StockLook look() {
        return look;
    }

    long items() {
        return items;
    }

    long bytes() {
        return bytes;
    }

    /// Removes items that are not needed, oldest first, while `goesOn` holds.
    void oldest(StockLook.Which which, Predicate<StockItem> goesOn) {
        walk(after -> look.oldest(which, after, PAGE), goesOn);
    }

    /// Removes up to `most` bytes, oldest first; returns how many are missing to that.
    long oldest(StockLook.Which which, long most) {
        long enough = bytes + most;
        if (most > 0) {
            oldest(which, _ -> bytes < enough);
        }
        return enough - bytes;
    }

    void expired(Instant now) {
        walk(after -> look.expired(now, after, PAGE), _ -> true);
    }

    private void walk(
            Function<Optional<StockItem>, List<StockItem>> pages, Predicate<StockItem> goesOn) {
        Optional<StockItem> after = Optional.empty();
        while (true) {
            var page = pages.apply(after);
            for (var item : page) {
                if (!goesOn.test(item)) {
                    return;
                }
                if (!item.needed() && stock.remove(item)) {
                    items++;
                    bytes += item.bytes();
                }
            }
            if (page.size() < PAGE) {
                return;
            }
            after = Optional.of(page.getLast());
        }
    }
}
