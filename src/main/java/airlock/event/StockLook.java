package airlock.event;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Reads a stock of any size, a page at a time.
public interface StockLook {
    /// The current sums of all owners.
    List<StockSum> sums();

    /// Selects items of a stock.
    ///
    /// @param owner empty for all
    /// @param outside whether to select those only from outside, or all others
    record Which(String owner, boolean outside) {}

    /// The next items, least recently used first.
    ///
    /// @param after the last item of the previous page; empty for the first page
    List<StockItem> oldest(Which which, Optional<StockItem> after, int most);

    /// The next items that expired before `now`, by expiry.
    ///
    /// @param after the last item of the previous page; empty for the first page
    List<StockItem> expired(Instant now, Optional<StockItem> after, int most);

    /// Reads a short list, again for each call of [#sums()].
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
