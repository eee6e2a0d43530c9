package airlock.retention;

import airlock.config.Retention;
import airlock.config.Shelf;
import airlock.event.StockItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;

/// Chooses which items of one shelf to remove: those that are too old; of each owner, the outside
/// runs' items above their quota and then all items above the owner's; of all owners, those above
/// the total. Items of outside runs go first each time, then the oldest. Needed items count towards
/// the limits and stay.
record Choice(Shelf shelf, Function<String, Retention> policy, long total) {
    /// What is to be removed, in this order.
    SequencedSet<StockItem> of(List<StockItem> items, Instant now) {
        var inOrder = items.stream().sorted(StockItem.GOING_FIRST).toList();
        var going = new LinkedHashSet<StockItem>();
        inOrder.stream().filter(item -> isTooOld(item, now)).forEach(going::add);
        byOwner(inOrder).forEach((owner, own) -> trimOne(own, policy.apply(owner), going));
        trim(inOrder, total, going);
        return going;
    }

    private boolean isTooOld(StockItem item, Instant now) {
        var age = policy.apply(item.owner()).age(shelf);
        return !item.needed()
                && (item.used().isBefore(now.minus(age)) || item.expires().isBefore(now));
    }

    private void trimOne(List<StockItem> own, Retention kept, SequencedSet<StockItem> going) {
        var strangers = own.stream().filter(StockItem::outside).toList();
        trim(strangers, kept.outsideQuota(shelf), going);
        trim(own, kept.quota(shelf), going);
    }

    private static void trim(List<StockItem> inOrder, long allowed, SequencedSet<StockItem> going) {
        long bytes = sum(inOrder.stream().filter(item -> !going.contains(item)).toList());
        for (StockItem item : inOrder) {
            if (bytes <= allowed) {
                return;
            }
            if (!item.needed() && going.add(item)) {
                bytes -= item.bytes();
            }
        }
    }

    /// Where what is left is still too much.
    List<Excess> excesses(List<StockItem> left) {
        var excesses = new ArrayList<Excess>();
        byOwner(left)
                .forEach(
                        (owner, own) -> {
                            long quota = policy.apply(owner).quota(shelf);
                            if (sum(own) > quota) {
                                excesses.add(new Excess(shelf, owner, sum(own), quota));
                            }
                        });
        if (sum(left) > total) {
            excesses.add(new Excess(shelf, "", sum(left), total));
        }
        return excesses;
    }

    static Map<String, List<StockItem>> byOwner(List<StockItem> items) {
        var owners = new HashMap<String, List<StockItem>>();
        items.forEach(
                item -> owners.computeIfAbsent(item.owner(), _ -> new ArrayList<>()).add(item));
        return owners;
    }

    static long sum(Collection<StockItem> items) {
        return items.stream().mapToLong(StockItem::bytes).sum();
    }
}
