package airlock.ambient;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Ambient's own configuration: what its files set, and nothing that they don't.
///
/// @param texts paths, names and targets by key; keys below `qemu` begin with `qemu.`
/// @param numbers sizes in bytes and the number of CPUs, by key
/// @param flags by key
/// @param rsyncMap `rsync_target_map`
/// @param secrets those of `secrets`, for all projects
public record AmbientConfig(
        Map<String, String> texts,
        Map<String, Long> numbers,
        Map<String, Boolean> flags,
        Optional<Map<String, String>> rsyncMap,
        Optional<List<SecretFile>> secrets) {
    /// One that sets nothing.
    public static final AmbientConfig NONE =
            new AmbientConfig(Map.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty());

    public AmbientConfig {
        texts = Map.copyOf(texts);
        numbers = Map.copyOf(numbers);
        flags = Map.copyOf(flags);
        rsyncMap = rsyncMap.map(Map::copyOf);
        secrets = secrets.map(List::copyOf);
    }

    /// A secret as Ambient has it.
    ///
    /// @param source the file on the host
    /// @param dest what it is called in the machine: the last part of this
    public record SecretFile(String source, String dest) {
        /// What it is called in the machine.
        public String name() {
            return dest.substring(dest.lastIndexOf('/') + 1);
        }
    }

    /// This with what `later` sets, which holds where both do.
    public AmbientConfig with(AmbientConfig later) {
        return new AmbientConfig(
                both(texts, later.texts),
                both(numbers, later.numbers),
                both(flags, later.flags),
                later.rsyncMap.or(() -> rsyncMap),
                later.secrets.or(() -> secrets));
    }

    private static <T> Map<String, T> both(Map<String, T> first, Map<String, T> later) {
        var all = new HashMap<>(first);
        all.putAll(later);
        return all;
    }

    /// The text at the first of `keys` that is set.
    Optional<String> text(String... keys) {
        return first(texts, keys);
    }

    /// The number at the first of `keys` that is set.
    Optional<Long> number(String... keys) {
        return first(numbers, keys);
    }

    private static <T> Optional<T> first(Map<String, T> map, String... keys) {
        for (String key : keys) {
            T value = map.get(key);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /// Where a project's artifacts go by rsync: a target for all holds before a base and a map.
    Optional<String> rsyncTarget(String project) {
        return text("rsync_target", "target")
                .or(
                        () ->
                                text("rsync_target_base")
                                        .map(
                                                base ->
                                                        base
                                                                + "/"
                                                                + rsyncMap.orElse(Map.of())
                                                                        .getOrDefault(
                                                                                project, project)));
    }
}
