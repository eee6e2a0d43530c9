package airlock.config;

import airlock.yaml.Binder;
import airlock.yaml.Setting;
import java.util.Locale;
import java.util.Set;

/// The operator's requirements for the sandbox around QEMU. Sizes are bytes.
@Setting.Group(title = "confinement", about = "The sandbox around each QEMU.")
public record ConfinementConfig(
        @Setting(
                        name = "require",
                        value =
                                "Parts of the sandbox without which nothing starts. `airlock"
                                        + " doctor` shows which ones this machine has and how to"
                                        + " get the others;"
                                        + " [Security](security.md#who-breaks-out-of-qemu)"
                                        + " explains each.",
                        or = "[]",
                        range = "0 to 5",
                        example = "[own_user, namespaces, control_group]")
                Set<Wall> required,
        @Setting(
                        value =
                                "Memory that the control group of a VM allows beyond the VM's own"
                                        + " and 256 MiB of translated code. A VM whose QEMU needs"
                                        + " more is killed, and its phase *broke*.",
                        or = "512 MiB",
                        range = "64 MiB to 1 TiB",
                        example = "1 GiB")
                long qemuMemory,
        @Setting(
                        value =
                                "The oldest version of QEMU that may run, for example after a"
                                        + " vulnerability was published. With an older one nothing"
                                        + " starts.",
                        or = "\"0.0\"",
                        pattern = "\\d{1,6}\\.\\d{1,6}(\\.\\d{1,6})?",
                        expected = "a version, such as \"10.0.13\"",
                        example = "\"10.0.13\"")
                String leastQemu) {
    public static final ConfinementConfig STANDARD =
            Binder.standard().section(ConfinementConfig.class).ofNothing();

    public ConfinementConfig {
        required = Set.copyOf(required);
    }

    /// A part of the sandbox; docs/security.md has the purpose of each.
    public enum Wall {
        OWN_USER,
        NAMESPACES,
        SYSTEM_CALLS,
        LIMITS,
        CONTROL_GROUP;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
