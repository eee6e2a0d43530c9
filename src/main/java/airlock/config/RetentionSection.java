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
/// [RetainedKind] has the same keys.
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
        var kinds = kinds(Retention.STANDARD, false);
        var keys = keys(kinds);
        keys.add(RESERVE);
        keys.add(EVERY);
        return new Section<>(
                "retention",
                "What is kept, for how long and how much of it"
                        + " ([Operations](operations.md#what-is-kept)).",
                keys,
                values ->
                        new Housekeeping(
                                made(kinds, values), values.get(RESERVE), values.get(EVERY)));
    }

    static Section<Retention> over(Retention common) {
        var kinds = kinds(common, true);
        return new Section<>(
                "repositories[].retention",
                "Retention of this repository.",
                keys(kinds),
                values -> made(kinds, values));
    }

    private static Map<RetainedKind, Keys> kinds(Retention common, boolean forRepository) {
        var kinds = new EnumMap<RetainedKind, Keys>(RetainedKind.class);
        for (RetainedKind kind : RetainedKind.values()) {
            kinds.put(kind, new Keys(kind, common.of(kind), forRepository));
        }
        return kinds;
    }

    private static List<Key<?>> keys(Map<RetainedKind, Keys> kinds) {
        var keys = new ArrayList<Key<?>>();
        kinds.values().forEach(kind -> keys.addAll(kind.list()));
        return keys;
    }

    private static Retention made(Map<RetainedKind, Keys> kinds, Values values) {
        var bounds = new EnumMap<RetainedKind, Bounds>(RetainedKind.class);
        kinds.forEach((kind, keys) -> bounds.put(kind, keys.made(values)));
        return new Retention(bounds);
    }

    /// The keys of one kind, with `common` as defaults.
    private record Keys(RetainedKind kind, Bounds common, boolean forRepository) {
        List<Key<?>> list() {
            var keys = new ArrayList<Key<?>>(List.of(age(), quota()));
            if (kind.tellsOutside()) {
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
            String shown = Units.showDuration(kind.standard().age());
            return key("age", AGE, common.age(), shown, ": how long after their last use.");
        }

        private Key<Long> quota() {
            String meaning = ": how much for one repository; the oldest are removed first.";
            return room("quota", common.quota(), kind.standard().quota(), meaning);
        }

        private Key<Long> outsideQuota() {
            String meaning =
                    "from outside: how much for one repository, within its quota; removed before"
                            + " all others.";
            long standard = kind.standard().outsideQuota();
            return room("outside_quota", common.outsideQuota(), standard, meaning);
        }

        private Key<Long> total() {
            String meaning = ": how much for all repositories together.";
            return room("total", common.total(), kind.standard().total(), meaning);
        }

        private Key<Long> room(String name, long value, long standard, String meaning) {
            return key(name, ROOM, value, Units.showSize(standard), meaning);
        }

        private <T> Key<T> key(String name, Type<T> type, T value, String shown, String meaning) {
            String without = forRepository ? "that of `retention`" : "`" + shown + "`";
            return new Key<>(
                    kind.key() + "_" + name,
                    type,
                    new Key.Presence.Default<>(value, without),
                    kind.title() + meaning,
                    shown);
        }
    }
}
