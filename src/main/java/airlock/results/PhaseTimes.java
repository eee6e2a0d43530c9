package airlock.results;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How the VM of a phase spent its time.
///
/// @param beginning how the VM began: `ready`, `clone` or `boot`; empty if unknown
/// @param parts durations by name, in order: those of package vm, then those that the guest program
///     measured of `work`
public record PhaseTimes(String beginning, Map<String, Duration> parts) {
    /// For phases that have not ended, or that an earlier version ran.
    public static final PhaseTimes UNKNOWN = new PhaseTimes("", Map.of());

    public PhaseTimes {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /// How the VM began, for people: `ready clone`, `clone` or `boot`.
    public String beginningWord() {
        return beginning.equals("ready") ? "ready clone" : beginning;
    }

    /// Until its gate opened.
    public Duration start() {
        return sum("template", "drives", "qemu", "load", "boot");
    }

    /// Until its last record.
    public Duration work() {
        return sum("work");
    }

    /// Until all of it was removed.
    public Duration end() {
        return sum("end");
    }

    public Duration whole() {
        return start().plus(work()).plus(end());
    }

    public boolean isKnown() {
        return !beginning.isEmpty() && !whole().isZero();
    }

    private Duration sum(String... names) {
        return Stream.of(names)
                .map(name -> parts.getOrDefault(name, Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /// The stored form: `clone template=12 drives=4100 ...`, in microseconds.
    String text() {
        return parts.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue().toNanos() / 1000)
                .collect(Collectors.joining(" ", beginning + " ", ""));
    }

    static PhaseTimes parse(String text) {
        String[] words = text.split(" ", -1);
        var parts = new LinkedHashMap<String, Duration>();
        for (String word : words) {
            String[] part = word.split("=", 2);
            if (part.length == 2) {
                parts.put(part[0], Duration.of(Long.parseLong(part[1]), ChronoUnit.MICROS));
            }
        }
        return new PhaseTimes(words[0], parts);
    }
}
