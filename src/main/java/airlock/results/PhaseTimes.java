package airlock.results;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Where the time of a phase's VM went.
///
/// @param beginning what the VM began as, `ready`, `clone` or `boot`; empty where that is not known
/// @param parts how long each took, by name, in their order: those of the
///     host (package vm's parts), and of what is `work` to it those that the guest tells
public record PhaseTimes(String beginning, Map<String, Duration> parts) {
    /// Of a phase that has not ended, or of one that an earlier version ran.
    public static final PhaseTimes UNKNOWN = new PhaseTimes("", Map.of());

    public PhaseTimes {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /// How long the parts with these names took together.
    public Duration sum(String... names) {
        var sum = Duration.ZERO;
        for (String name : names) {
            sum = sum.plus(parts.getOrDefault(name, Duration.ZERO));
        }
        return sum;
    }

    /// As it is stored: `clone template=12 drives=4100 ...`, in microseconds.
    String text() {
        return parts.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue().toNanos() / 1000)
                .collect(Collectors.joining(" ", beginning + " ", ""));
    }

    /// What [#text] wrote.
    static PhaseTimes parse(String text) {
        String[] words = text.split(" ", -1);
        var parts = new LinkedHashMap<String, Duration>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals > 0) {
                parts.put(
                        words[i].substring(0, equals),
                        Duration.of(
                                Long.parseLong(words[i].substring(equals + 1)), ChronoUnit.MICROS));
            }
        }
        return new PhaseTimes(words[0], parts);
    }
}
