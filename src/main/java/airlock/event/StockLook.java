package airlock.event;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Reads a stock, however much there is, a page at a time.
public interface StockLook {
    /// The sums of all owners, now.
    List<StockSum> sums();

    /// Which items of a stock.
    ///
    /// @param owner of this one only; of all if it is empty
    /// @param outside those that only runs from outside made, or all others
    record Which(String owner, boolean outside) {}

    /// The next items in the order of their last use.
    ///
    /// @param after the last one of the page before; empty for the first page
    List<StockItem> oldest(Which which, Optional<StockItem> after, int most);

    /// The next items that expired before `now`, in the order of their ends.
    ///
    /// @param after the last one of the page before; empty for the first page
    List<StockItem> expired(Instant now, Optional<StockItem> after, int most);

    /// A look at a short list, which is read again for each sum.
    static StockLook of(Supplier<List<StockItem>> items) {
        return new Listed(items);
    }

    /// Items in memory.
    final class Listed implements StockLook {
        private static final Comparator<StockItem> BY_USE =
                Comparator.comparing(StockItem::used)
                        .thenComparing(StockItem::key)
                        .thenComparing(StockItem::owner);
        private static final Comparator<StockItem> BY_END =
                Comparator.comparing(StockItem::expires)
                        .thenComparing(StockItem::key)
                        .thenComparing(StockItem::owner);

        private final Supplier<List<StockItem>> source;
        private List<StockItem> items;

        private Listed(Supplier<List<StockItem>> source) {
            this.source = source;
            this.items = source.get();
        }

        @Override
        public List<StockSum> sums() {
            items = source.get();
            return items.stream()
                    .collect(Collectors.groupingBy(i -> new Which(i.owner(), i.outside())))
                    .entrySet()
                    .stream()
                    .map(group -> sum(group.getKey(), group.getValue()))
                    .toList();
        }

        private static StockSum sum(Which which, List<StockItem> items) {
            return new StockSum(
                    which.owner(),
                    which.outside(),
                    items.size(),
                    items.stream().mapToLong(StockItem::bytes).sum(),
                    items.stream()
                            .map(StockItem::used)
                            .min(Comparator.naturalOrder())
                            .orElseThrow());
        }

        @Override
        public List<StockItem> oldest(Which which, Optional<StockItem> after, int most) {
            return items.stream()
                    .filter(i -> which.owner().isEmpty() || which.owner().equals(i.owner()))
                    .filter(i -> i.outside() == which.outside())
                    .filter(i -> after.isEmpty() || BY_USE.compare(i, after.get()) > 0)
                    .sorted(BY_USE)
                    .limit(most)
                    .toList();
        }

        @Override
        public List<StockItem> expired(Instant now, Optional<StockItem> after, int most) {
            return items.stream()
                    .filter(i -> i.expires().isBefore(now))
                    .filter(i -> after.isEmpty() || BY_END.compare(i, after.get()) > 0)
                    .sorted(BY_END)
                    .limit(most)
                    .toList();
        }
    }
}
