package airlock.config;

import java.util.Set;

/// What the operator asks of the walls around QEMU.
///
/// @param required walls without which nothing is started
/// @param qemuMemory bytes that QEMU may hold beyond the memory of its VM and its translations
/// @param leastQemu the version that QEMU must have at least, such as `10.0.13`; `0.0` for any
public record ConfinementConfig(Set<Wall> required, long qemuMemory, String leastQemu) {
    private static final long QEMU_MEMORY = 512L << 20;
    private static final String ANY_QEMU = "0.0";

    public ConfinementConfig {
        required = Set.copyOf(required);
    }

    /// That of a configuration that says nothing.
    public static ConfinementConfig standard() {
        return new ConfinementConfig(Set.of(), QEMU_MEMORY, ANY_QEMU);
    }

    /// A wall; docs/security.md says what each holds back.
    public enum Wall {
        OWN_USER,
        NAMESPACES,
        SYSTEM_CALLS,
        LIMITS,
        CONTROL_GROUP;

        /// The word of the configuration.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
