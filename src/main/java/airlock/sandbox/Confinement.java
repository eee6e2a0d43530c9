package airlock.sandbox;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The walls around QEMU, and those that this host cannot make.
///
/// @param missing by layer, why it is missing and what the operator can do; all others hold
public record Confinement(Map<Layer, String> missing) {
    public Confinement {
        missing = Map.copyOf(missing);
    }

    public enum Layer {
        /// QEMU runs as a user that is not root and owns only the VM's files.
        OWN_USER,
        /// Own empty network namespace, mount view and process ids.
        NAMESPACES,
        /// QEMU's four seccomp denies.
        SYSTEM_CALLS,
        /// Limits of CPU time, file size, address space and descriptors; no core dumps.
        LIMITS,
        /// A control group with limits on memory and tasks.
        CONTROL_GROUP;

        /// As people read it, such as `own user`.
        public String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    public Set<Layer> held() {
        var held = EnumSet.allOf(Layer.class);
        held.removeAll(missing.keySet());
        return held;
    }

    /// One line: the layers that hold, then those that are missing and why.
    public String describe() {
        String holds = held().stream().map(Layer::words).collect(Collectors.joining(", "));
        String line = holds.isEmpty() ? "no confinement" : "confined by " + holds;
        if (missing.isEmpty()) {
            return line;
        }
        return line
                + "; missing: "
                + new EnumMap<>(missing)
                        .entrySet().stream()
                                .map(m -> m.getKey().words() + " (" + m.getValue() + ")")
                                .collect(Collectors.joining(", "));
    }
}
