package airlock.vm;

import airlock.vm.VmTimes.Beginning;
import airlock.vm.VmTimes.Part;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Measures the parts of a VM's life.
final class VmStopwatch {
    private final Map<Part, Duration> parts = new EnumMap<>(Part.class);
    private Beginning beginning = Beginning.BOOT;
    private long last = System.nanoTime();

    synchronized void begins(Beginning as) {
        beginning = as;
    }

    /// Ends a part.
    synchronized void mark(Part part) {
        long now = System.nanoTime();
        parts.merge(part, Duration.ofNanos(now - last), Duration::plus);
        last = now;
    }

    synchronized VmTimes times() {
        return new VmTimes(beginning, parts);
    }

    @Override
    public String toString() {
        var times = times();
        return times.parts().entrySet().stream()
                .map(part -> word(part.getKey()) + " " + part.getValue().toMillis() + " ms")
                .collect(Collectors.joining(", ", word(times.beginning()) + ": ", ""));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
