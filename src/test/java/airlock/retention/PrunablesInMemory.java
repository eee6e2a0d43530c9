package airlock.retention;

import airlock.event.Prunable;
import airlock.event.Prunable.PrunableItem;
import airlock.event.Prunable.PrunableLook;
import java.util.ArrayList;
import java.util.List;

/// A prunable in memory.
class PrunablesInMemory implements Prunable {
    final List<PrunableItem> items = new ArrayList<>();
    final List<PrunableItem> removed = new ArrayList<>();
    final List<String> stuck = new ArrayList<>();
    int tidied;

    static PrunablesInMemory of(List<PrunableItem> items) {
        var prunable = new PrunablesInMemory();
        prunable.items.addAll(items);
        return prunable;
    }

    List<String> keys() {
        return items.stream().map(PrunableItem::key).toList();
    }

    @Override
    public PrunableLook look() {
        return PrunableLook.of(() -> List.copyOf(items));
    }

    @Override
    public boolean remove(PrunableItem item) {
        return !stuck.contains(item.key()) && items.remove(item) && removed.add(item);
    }

    @Override
    public int tidy() {
        tidied++;
        return 0;
    }
}
