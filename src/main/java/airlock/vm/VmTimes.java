package airlock.vm;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The time that the parts of a VM's life took.
///
/// @param parts in their order; a part that did not happen is missing
public record VmTimes(Beginning beginning, Map<Part, Duration> parts) {
    public VmTimes {
        var ordered = new EnumMap<Part, Duration>(Part.class);
        ordered.putAll(parts);
        parts = Collections.unmodifiableMap(ordered);
    }

    public enum Beginning {
        /// As a clone that waited.
        READY,

        /// As a clone that was loaded when the VM started.
        CLONE,

        BOOT
    }

    public enum Part {
        TEMPLATE,

        /// Making or filling the drives.
        DRIVES,

        QEMU,

        LOAD,

        /// Up to the gate.
        BOOT,

        /// From the gate to the last record.
        WORK,

        /// Until QEMU was gone.
        END
    }

    static final class Stopwatch {
        private final Map<Part, Duration> parts = new EnumMap<>(Part.class);
        private Beginning beginning = Beginning.BOOT;
        private long last = System.nanoTime();

        synchronized void begins(Beginning as) {
            beginning = as;
        }

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
}
