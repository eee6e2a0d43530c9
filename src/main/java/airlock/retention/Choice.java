package airlock.retention;

import airlock.config.RetainedKind;
import airlock.config.Retention;
import airlock.event.Prunable;
import airlock.event.Prunable.PrunableItem;
import airlock.event.Prunable.PrunableLook;
import airlock.event.Prunable.PrunableLook.Which;
import airlock.event.Prunable.PrunableSum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// Chooses which items of one kind to remove, in this order: items that are too old; of each
/// owner, items of outside runs above their quota, then any above the owner's quota; of all owners,
/// items above the total. Within each step outside items go first, then the oldest. Needed items
/// count towards the limits and stay.
///
/// **Cost**: one query for the sums, and the pages of removed items.
record Choice(RetainedKind kind, Function<String, Retention> policy, long total) {
    void removeFrom(PagedRemoval removal, Instant now) {
        var look = removal.look();
        removal.expired(now);
        for (var sum : look.sums()) {
            Instant until = now.minus(policy.apply(sum.owner()).age(kind));
            if (sum.oldest().isBefore(until)) {
                removal.oldest(
                        new Which(sum.owner(), sum.outside()), item -> item.used().isBefore(until));
            }
        }
        byOwner(look.sums()).forEach((owner, sums) -> trim(removal, owner, sums));
        long over = sum(look.sums()) - total;
        over = removal.oldest(new Which("", true), over);
        long _ = removal.oldest(new Which("", false), over);
    }

    private void trim(PagedRemoval removal, String owner, List<PrunableSum> sums) {
        var kept = policy.apply(owner);
        var strangers = new Which(owner, true);
        long outside = sum(sums.stream().filter(PrunableSum::outside).toList());
        long before = removal.bytes();
        long _ = removal.oldest(strangers, outside - kept.outsideQuota(kind));
        long over = sum(sums) - (removal.bytes() - before) - kept.quota(kind);
        over = removal.oldest(strangers, over);
        long _ = removal.oldest(new Which(owner, false), over);
    }

    List<Usage.Excess> excesses(PrunableLook look) {
        var left = look.sums();
        var excesses = new ArrayList<Usage.Excess>();
        byOwner(left)
                .forEach(
                        (owner, sums) -> {
                            long quota = policy.apply(owner).quota(kind);
                            if (sum(sums) > quota) {
                                excesses.add(new Usage.Excess(kind, owner, sum(sums), quota));
                            }
                        });
        if (sum(left) > total) {
            excesses.add(new Usage.Excess(kind, "", sum(left), total));
        }
        return excesses;
    }

    static Map<String, List<PrunableSum>> byOwner(List<PrunableSum> sums) {
        var owners = new TreeMap<String, List<PrunableSum>>();
        sums.forEach(sum -> owners.computeIfAbsent(sum.owner(), _ -> new ArrayList<>()).add(sum));
        return owners;
    }

    private static long sum(List<PrunableSum> sums) {
        return sum(sums, PrunableSum::bytes);
    }

    static long sum(List<PrunableSum> sums, ToLongFunction<PrunableSum> what) {
        return sums.stream().mapToLong(what).sum();
    }

    /// Removes items of one prunable, page by page, and counts them.
    static final class PagedRemoval {
        private static final int PAGE = 100;

        private final Prunable prunable;
        private final PrunableLook look;
        private long items;
        private long bytes;

        PagedRemoval(Prunable prunable) {
            this.prunable = prunable;
            this.look = prunable.look();
        }

        PrunableLook look() {
            return look;
        }

        long items() {
            return items;
        }

        long bytes() {
            return bytes;
        }

        /// Removes items that are not needed, oldest first, while `goesOn` holds.
        void oldest(PrunableLook.Which which, Predicate<PrunableItem> goesOn) {
            walk(after -> look.oldest(which, after, PAGE), goesOn);
        }

        /// Removes up to `most` bytes, oldest first; returns how many are missing to that.
        long oldest(PrunableLook.Which which, long most) {
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
                Function<Optional<PrunableItem>, List<PrunableItem>> pages,
                Predicate<PrunableItem> goesOn) {
            Optional<PrunableItem> after = Optional.empty();
            while (true) {
                var page = pages.apply(after);
                for (var item : page) {
                    if (!goesOn.test(item)) {
                        return;
                    }
                    if (!item.needed() && prunable.remove(item)) {
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
}
