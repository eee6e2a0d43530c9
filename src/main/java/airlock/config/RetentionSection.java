package airlock.config;

import airlock.config.Retention.Bounds;
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

/// Reads `retention` at the top of the file, and the one of a repository, which overrides it. Each
/// [Shelf] has the same keys.
final class RetentionSection {
    private static final Type<Duration> AGE =
            Scalars.duration(Duration.ofHours(1), Duration.ofDays(36_500));
    private static final Type<Long> ROOM = Scalars.size(1L << 20, 1L << 50);
    private static final Key<Long> RESERVE =
            new Key<>(
                    "reserve",
                    Scalars.size(1L << 20, 1L << 44),
                    new Key.Presence.Default<>(2L << 30, "`2 GiB`"),
                    "With less free space for `state`, no run starts, and source tars and"
                            + " mirrors are removed early.",
                    "10 GiB");
    private static final Key<Duration> EVERY =
            new Key<>(
                    "tidy_every",
                    Scalars.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
                    new Key.Presence.Default<>(Duration.ofHours(1), "`1h`"),
                    "How often to look for files to remove; also at start-up.",
                    "1h");

    private RetentionSection() {}

    static Section<Housekeeping> ofAll() {
        var shelves = shelves(Retention.STANDARD, false);
        var keys = keys(shelves);
        keys.add(RESERVE);
        keys.add(EVERY);
        return new Section<>(
                "retention",
                "What is kept, for how long and how much of it"
                        + " ([Operations](operations.md#what-is-kept)).",
                keys,
                values ->
                        new Housekeeping(
                                made(shelves, values), values.get(RESERVE), values.get(EVERY)));
    }

    static Section<Retention> over(Retention common) {
        var shelves = shelves(common, true);
        return new Section<>(
                "repositories[].retention",
                "Retention of this repository.",
                keys(shelves),
                values -> made(shelves, values));
    }

    private static Map<Shelf, Keys> shelves(Retention common, boolean forRepository) {
        var shelves = new EnumMap<Shelf, Keys>(Shelf.class);
        for (Shelf shelf : Shelf.values()) {
            shelves.put(shelf, new Keys(shelf, common.of(shelf), forRepository));
        }
        return shelves;
    }

    private static List<Key<?>> keys(Map<Shelf, Keys> shelves) {
        var keys = new ArrayList<Key<?>>();
        shelves.values().forEach(shelf -> keys.addAll(shelf.list()));
        return keys;
    }

    private static Retention made(Map<Shelf, Keys> shelves, Values values) {
        var bounds = new EnumMap<Shelf, Bounds>(Shelf.class);
        shelves.forEach((shelf, keys) -> bounds.put(shelf, keys.made(values)));
        return new Retention(bounds);
    }

    /// The keys of one shelf, with `common` as defaults.
    private record Keys(Shelf shelf, Bounds common, boolean forRepository) {
        List<Key<?>> list() {
            var keys = new ArrayList<Key<?>>(List.of(age(), quota()));
            if (shelf.tellsOutside()) {
                keys.add(outsideQuota());
            }
            if (!forRepository) {
                keys.add(total());
            }
            return keys;
        }

        Bounds made(Values values) {
            return new Bounds(
                    values.get(age()),
                    values.get(quota()),
                    values.get(outsideQuota()),
                    values.get(total()));
        }

        private Key<Duration> age() {
            String shown = Units.showDuration(shelf.standard().age());
            return key("age", AGE, common.age(), shown, ": how long after their last use.");
        }

        private Key<Long> quota() {
            String meaning = ": how much for one repository; the oldest are removed first.";
            return room("quota", common.quota(), shelf.standard().quota(), meaning);
        }

        private Key<Long> outsideQuota() {
            String meaning =
                    "from outside: how much for one repository, within its quota; removed before"
                            + " all others.";
            long standard = shelf.standard().outsideQuota();
            return room("outside_quota", common.outsideQuota(), standard, meaning);
        }

        private Key<Long> total() {
            String meaning = ": how much for all repositories together.";
            return room("total", common.total(), shelf.standard().total(), meaning);
        }

        private Key<Long> room(String name, long value, long standard, String meaning) {
            return key(name, ROOM, value, Units.showSize(standard), meaning);
        }

        private <T> Key<T> key(String name, Type<T> type, T value, String shown, String meaning) {
            String without = forRepository ? "that of `retention`" : "`" + shown + "`";
            return new Key<>(
                    shelf.key() + "_" + name,
                    type,
                    new Key.Presence.Default<>(value, without),
                    shelf.title() + meaning,
                    shown);
        }
    }
}
