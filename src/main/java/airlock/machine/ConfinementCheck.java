package airlock.machine;

import airlock.config.ConfinementConfig;
import airlock.config.ConfinementConfig.Wall;
import airlock.sandbox.Confinement;
import airlock.sandbox.Confinement.Layer;
import airlock.vm.QemuVersion;
import java.util.Optional;
import java.util.stream.Collectors;

/// Compares the walls that the configuration requires with those that the machine has.
public final class ConfinementCheck {
    private ConfinementCheck() {}

    /// Why no VM may be started: each missing wall, with what the operator can do.
    public static Optional<String> hindrance(ConfinementConfig demanded, Confinement given) {
        String missing =
                demanded.required().stream()
                        .sorted()
                        .filter(wall -> given.missing().containsKey(layer(wall)))
                        .map(wall -> wall.word() + " (" + given.missing().get(layer(wall)) + ")")
                        .collect(Collectors.joining(", "));
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "no VM is started here without the walls that `require` below `confinement`"
                                + " names, and this machine does not give: "
                                + missing);
    }

    /// Why no VM may be started with this QEMU, with what the operator can do.
    ///
    /// @param installed empty if the version is unknown
    public static Optional<String> qemuHindrance(
            ConfinementConfig demanded, Optional<QemuVersion> installed) {
        var least = QemuVersion.of(demanded.leastQemu()).orElseThrow();
        boolean isOld = installed.orElse(new QemuVersion(0, 0, 0)).compareTo(least) < 0;
        return isOld
                ? Optional.of(
                        "no VM is started with QEMU %s: the configuration demands `least_qemu: %s`;"
                                        .formatted(
                                                installed
                                                        .map(QemuVersion::toString)
                                                        .orElse("of an unknown version"),
                                                demanded.leastQemu())
                                + " apt-get install --only-upgrade qemu-system-x86")
                : Optional.empty();
    }

    private static Layer layer(Wall wall) {
        return switch (wall) {
            case OWN_USER -> Layer.OWN_USER;
            case NAMESPACES -> Layer.NAMESPACES;
            case SYSTEM_CALLS -> Layer.SYSTEM_CALLS;
            case LIMITS -> Layer.LIMITS;
            case CONTROL_GROUP -> Layer.CONTROL_GROUP;
        };
    }
}
