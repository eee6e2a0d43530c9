package airlock.vm;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

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
        /// A clone that waited.
        READY,

        /// A clone that was loaded when the VM started.
        CLONE,

        /// A kernel that booted.
        BOOT
    }

    public enum Part {
        /// Waiting for the template.
        TEMPLATE,

        /// Making or filling the drives.
        DRIVES,

        /// Starting QEMU.
        QEMU,

        /// Loading the saved state.
        LOAD,

        /// Up to the gate.
        BOOT,

        /// From the gate to the last record.
        WORK,

        /// Until QEMU was gone.
        END
    }
}
