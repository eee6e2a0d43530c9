package airlock.retention;

import airlock.event.Stock;
import airlock.event.Stock.StockItem;
import airlock.event.Stock.StockLook;
import java.util.ArrayList;
import java.util.List;

/// A stock in memory.
class MemoryStock implements Stock {
    final List<StockItem> items = new ArrayList<>();
    final List<StockItem> removed = new ArrayList<>();
    final List<String> stuck = new ArrayList<>();
    int tidied;

    static MemoryStock of(List<StockItem> items) {
        var stock = new MemoryStock();
        stock.items.addAll(items);
        return stock;
    }

    List<String> keys() {
        return items.stream().map(StockItem::key).toList();
    }

    @Override
    public StockLook look() {
        return StockLook.of(() -> List.copyOf(items));
    }

    @Override
    public boolean remove(StockItem item) {
        return !stuck.contains(item.key()) && items.remove(item) && removed.add(item);
    }

    @Override
    public int tidy() {
        tidied++;
        return 0;
    }
}
