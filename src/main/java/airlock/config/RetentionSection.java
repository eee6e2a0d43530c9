package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Units;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// What is kept: at the top of the file for all, below a repository over that.
final class RetentionSection {
    /// Where the configuration says nothing.
    static final Housekeeping STANDARD =
            new Housekeeping(Retention.standard(), standardTotals(), 2L << 30, Duration.ofHours(1));

    private static final Type<Duration> AGE =
            Scalars.duration(Duration.ofHours(1), Duration.ofDays(36_500));
    private static final Type<Long> ROOM = Scalars.size(1L << 20, 1L << 50);
    private static final Key<Long> RESERVE =
            Key.or(
                            "reserve",
                            Scalars.size(1L << 20, 1L << 44),
                            STANDARD.reserve(),
                            Units.showSize(STANDARD.reserve()),
                            "While less is free for `state`, no new work is begun; what waits says"
                                    + " so, and source tars and mirrors go first.")
                    .example("10 GiB");
    private static final Key<Duration> EVERY =
            Key.or(
                            "tidy_every",
                            Scalars.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
                            STANDARD.every(),
                            Units.showDuration(STANDARD.every()),
                            "How often Airlock looks for what is to be removed; also at its start.")
                    .example("1h");

    private final boolean forRepository;
    private final Map<Shelf, Key<Duration>> ages = new EnumMap<>(Shelf.class);
    private final Map<Shelf, Key<Long>> quotas = new EnumMap<>(Shelf.class);
    private final Map<Shelf, Key<Long>> outside = new EnumMap<>(Shelf.class);
    private final Map<Shelf, Key<Long>> totals = new EnumMap<>(Shelf.class);

    /// @param forRepository whether it stands below a repository, over the common one
    RetentionSection(boolean forRepository) {
        this.forRepository = forRepository;
        for (Shelf shelf : Shelf.values()) {
            String age = Units.showDuration(shelf.age());
            ages.put(
                    shelf,
                    key(
                            shelf.key() + "_age",
                            AGE,
                            age,
                            shelf.title() + ": how long after they were last used."));
            String quota = Units.showSize(shelf.quota());
            quotas.put(
                    shelf,
                    key(
                            shelf.key() + "_quota",
                            ROOM,
                            quota,
                            shelf.title() + ": how much of one repository; the oldest go first."));
            if (shelf.tellsOutside()) {
                outside.put(
                        shelf,
                        key(
                                shelf.key() + "_outside_quota",
                                ROOM,
                                Units.showSize(shelf.outsideQuota()),
                                shelf.title()
                                        + " from outside: how much of one repository, within its"
                                        + " quota; these go before all others."));
            }
            String total = Units.showSize(shelf.total());
            totals.put(
                    shelf,
                    key(
                            shelf.key() + "_total",
                            ROOM,
                            total,
                            shelf.title() + ": how much of all repositories together."));
        }
    }

    private static Map<Shelf, Long> standardTotals() {
        var totals = new EnumMap<Shelf, Long>(Shelf.class);
        for (Shelf shelf : Shelf.values()) {
            totals.put(shelf, shelf.total());
        }
        return totals;
    }

    private <T> Key<T> key(String name, Type<T> type, String shown, String meaning) {
        String without = forRepository ? "that of `retention`" : "`" + shown + "`";
        return Key.free(name, type, without, meaning).example(shown);
    }

    /// What a repository says over the common retention.
    Section<UnaryOperator<Retention>> ofRepository() {
        var keys = new ArrayList<Key<?>>();
        for (Shelf shelf : Shelf.values()) {
            keys.addAll(ofOne(shelf));
        }
        return new Section<>(
                "repositories[].retention",
                "What is kept of this repository alone.",
                keys,
                values -> common -> over(common, values));
    }

    /// What the whole file says.
    Section<Housekeeping> ofAll() {
        var keys = new ArrayList<Key<?>>();
        for (Shelf shelf : Shelf.values()) {
            keys.addAll(ofOne(shelf));
            keys.add(Retention.found(totals, shelf));
        }
        keys.add(RESERVE);
        keys.add(EVERY);
        return new Section<>(
                "retention",
                "What is kept, how long and how much ([Operations](operations.md#what-is-kept)).",
                keys,
                this::make);
    }

    /// The keys that a repository has, too.
    private List<Key<?>> ofOne(Shelf shelf) {
        var keys =
                new ArrayList<Key<?>>(
                        List.of(Retention.found(ages, shelf), Retention.found(quotas, shelf)));
        if (shelf.tellsOutside()) {
            keys.add(Retention.found(outside, shelf));
        }
        return keys;
    }

    private Housekeeping make(Values values) {
        var rooms = new EnumMap<Shelf, Long>(Shelf.class);
        for (Shelf shelf : Shelf.values()) {
            var total = Retention.found(totals, shelf);
            rooms.put(shelf, values.find(total).orElse(shelf.total()));
        }
        return new Housekeeping(
                over(STANDARD.each(), values), rooms, values.get(RESERVE), values.get(EVERY));
    }

    private Retention over(Retention common, Values values) {
        var newAges = new EnumMap<Shelf, Duration>(common.ages());
        var newQuotas = new EnumMap<Shelf, Long>(common.quotas());
        ages.forEach((shelf, key) -> values.find(key).ifPresent(age -> newAges.put(shelf, age)));
        quotas.forEach((shelf, key) -> values.find(key).ifPresent(q -> newQuotas.put(shelf, q)));
        var newOutside = new EnumMap<Shelf, Long>(common.outsideQuotas());
        outside.forEach((shelf, key) -> values.find(key).ifPresent(q -> newOutside.put(shelf, q)));
        return new Retention(newAges, newQuotas, newOutside);
    }
}
