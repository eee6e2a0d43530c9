package airlock.config;

import airlock.yaml.Binder;
import airlock.yaml.Setting;
import java.util.Locale;
import java.util.Set;

/// What the operator requires of the walls around QEMU. Sizes are bytes.
@Setting.Group(title = "confinement", about = "The walls around each QEMU.")
public record ConfinementConfig(
        @Setting(
                        name = "require",
                        value =
                                "Walls without which nothing starts. `airlock doctor` shows which"
                                        + " ones this machine gives, and what to do about the others;"
                                        + " [Security](security.md#who-breaks-out-of-qemu) says what"
                                        + " each holds back.",
                        or = "[]",
                        range = "0 to 5",
                        example = "[own_user, namespaces, control_group]")
                Set<Wall> required,
        @Setting(
                        value =
                                "How much memory the control group of a VM allows beyond the VM's"
                                        + " own and 256 MiB of translated code. A VM whose QEMU needs"
                                        + " more is ended, and its phase *broke*.",
                        or = "512 MiB",
                        range = "64 MiB to 1 TiB",
                        example = "1 GiB")
                long qemuMemory,
        @Setting(
                        value =
                                "The version that QEMU must have at least; with an older one"
                                        + " nothing starts. For the day on which one with a hole is"
                                        + " known.",
                        or = "\"0.0\"",
                        pattern = "\\d{1,6}\\.\\d{1,6}(\\.\\d{1,6})?",
                        expected = "a version, such as \"10.0.13\"",
                        example = "\"10.0.13\"")
                String leastQemu) {
    /// That of a configuration that sets nothing.
    public static final ConfinementConfig STANDARD =
            Binder.standard().section(ConfinementConfig.class).ofNothing();

    public ConfinementConfig {
        required = Set.copyOf(required);
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
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
