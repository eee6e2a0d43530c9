package airlock.vm;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// Where the time of a VM went, as the host saw it.
///
/// @param beginning what it began as
/// @param parts how long each part took, in their order; one that there was not is missing
public record VmTimes(Beginning beginning, Map<Part, Duration> parts) {
    public VmTimes {
        var ordered = new EnumMap<Part, Duration>(Part.class);
        ordered.putAll(parts);
        parts = Collections.unmodifiableMap(ordered);
    }

    /// What a VM begins as.
    public enum Beginning {
        /// A clone that waited.
        READY,

        /// A clone that was loaded when it was wanted.
        CLONE,

        /// A kernel that booted.
        BOOT
    }

    /// A part of a VM's life.
    public enum Part {
        /// The template was waited for.
        TEMPLATE,

        /// Drives were made, or filled.
        DRIVES,

        /// QEMU started in its walls.
        QEMU,

        /// The saved state was loaded.
        LOAD,

        /// Up to the gate.
        BOOT,

        /// From the gate to the last record.
        WORK,

        /// Until nothing of QEMU was left.
        END
    }
}
