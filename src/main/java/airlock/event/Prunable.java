package airlock.event;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// All stored items of one kind, which may be removed some day.
///
/// **Threads**: one at a time; others may use the items meanwhile. **Crashes**: even if the server
/// dies during a removal, no row names a missing file; a file without a row may stay until
/// [#tidy()].
public interface Prunable {
    PrunableLook look();

    /// Removes `item` unless it is needed by now; returns whether it did.
    boolean remove(PrunableItem item);

    /// Removes files without a row, which a crash left; returns how many. Reads the names of all
    /// files.
    int tidy();

    /// The sum of one owner's items of one kind.
    ///
    /// @param owner as [PrunableItem#owner()]
    /// @param outside whether only runs from outside made them; an owner may have both sums
    /// @param items their number
    /// @param oldest the earliest last use
    record PrunableSum(String owner, boolean outside, long items, long bytes, Instant oldest) {}

    /// A stored item that can be removed.
    ///
    /// @param owner a repository's `FORGE:ID`, or for deliveries the hook's `FORGE/OWNER/NAME`
    /// @param key unique in its prunable and owner
    /// @param used when it was last used
    /// @param needed whether waiting or running work needs it
    /// @param expires when it is removed unless it is needed; [Instant#MAX] for never
    /// @param outside whether only runs from outside made it, so that it is removed before all
    ///     others of its owner
    record PrunableItem(
            String owner,
            String key,
            long bytes,
            Instant used,
            boolean needed,
            Instant expires,
            boolean outside) {
        /// An item without expiry that is not only from outside.
        public PrunableItem(String owner, String key, long bytes, Instant used, boolean needed) {
            this(owner, key, bytes, used, needed, Instant.MAX, false);
        }
    }

    /// Reads a prunable of any size, a page at a time.
    interface PrunableLook {
        List<PrunableSum> sums();

        /// Selects items of a prunable.
        ///
        /// @param owner empty for all
        /// @param outside whether to select those only from outside, or all others
        record Which(String owner, boolean outside) {}

        /// The next items, least recently used first.
        ///
        /// @param after the last item of the previous page; empty for the first page
        List<PrunableItem> oldest(Which which, Optional<PrunableItem> after, int most);

        /// The next items that expired before `now`, by expiry.
        ///
        /// @param after the last item of the previous page; empty for the first page
        List<PrunableItem> expired(Instant now, Optional<PrunableItem> after, int most);

        /// Reads a short list, again for each call of [#sums()].
        static PrunableLook of(Supplier<List<PrunableItem>> items) {
            return new Listed(items);
        }

        /// Items in memory.
        final class Listed implements PrunableLook {
            private static final Comparator<PrunableItem> BY_USE =
                    Comparator.comparing(PrunableItem::used)
                            .thenComparing(PrunableItem::key)
                            .thenComparing(PrunableItem::owner);
            private static final Comparator<PrunableItem> BY_END =
                    Comparator.comparing(PrunableItem::expires)
                            .thenComparing(PrunableItem::key)
                            .thenComparing(PrunableItem::owner);

            private final Supplier<List<PrunableItem>> source;
            private List<PrunableItem> items;

            private Listed(Supplier<List<PrunableItem>> source) {
                this.source = source;
                this.items = source.get();
            }

            @Override
            public List<PrunableSum> sums() {
                items = source.get();
                return items.stream()
                        .collect(Collectors.groupingBy(i -> new Which(i.owner(), i.outside())))
                        .entrySet()
                        .stream()
                        .map(group -> sum(group.getKey(), group.getValue()))
                        .toList();
            }

            private static PrunableSum sum(Which which, List<PrunableItem> items) {
                return new PrunableSum(
                        which.owner(),
                        which.outside(),
                        items.size(),
                        items.stream().mapToLong(PrunableItem::bytes).sum(),
                        items.stream()
                                .map(PrunableItem::used)
                                .min(Comparator.naturalOrder())
                                .orElseThrow());
            }

            @Override
            public List<PrunableItem> oldest(Which which, Optional<PrunableItem> after, int most) {
                return items.stream()
                        .filter(i -> which.owner().isEmpty() || which.owner().equals(i.owner()))
                        .filter(i -> i.outside() == which.outside())
                        .filter(i -> after.isEmpty() || BY_USE.compare(i, after.get()) > 0)
                        .sorted(BY_USE)
                        .limit(most)
                        .toList();
            }

            @Override
            public List<PrunableItem> expired(Instant now, Optional<PrunableItem> after, int most) {
                return items.stream()
                        .filter(i -> i.expires().isBefore(now))
                        .filter(i -> after.isEmpty() || BY_END.compare(i, after.get()) > 0)
                        .sorted(BY_END)
                        .limit(most)
                        .toList();
            }
        }
    }
}
