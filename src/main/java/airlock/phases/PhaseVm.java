package airlock.phases;

import airlock.config.Limits;
import airlock.plan.DriveRules;
import airlock.plan.PhaseSteps;
import airlock.results.Blobs;
import airlock.vm.BootFiles;
import airlock.vm.Drive;
import airlock.vm.DriveContent;
import airlock.vm.DriveSlots;
import airlock.vm.VmLimits;
import airlock.vm.VmShape;
import airlock.vm.VmSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The virtual machine of a phase: the same for all three but for what its drives hold and which
/// of them it may write.
final class PhaseVm {
    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final long CONSOLE_BYTES = 1 << 20;
    private static final long GRAIN = 4096;
    private static final long MIB = 1 << 20;

    /// The drives whose size a plan may ask for.
    private static final Set<Drive> SIZED =
            Collections.unmodifiableSet(
                    EnumSet.of(Drive.ARTIFACTS, Drive.CACHE, Drive.DEPENDENCIES));

    private final PhaseOrder order;
    private final PhaseInputs inputs;

    PhaseVm(PhaseOrder order, Blobs blobs) {
        this.order = order;
        this.inputs = PhaseInputs.of(order, blobs, this::slot);
    }

    /// Whether it reads what a phase with a secret wrote.
    boolean readsPrivate() {
        return inputs.isPrivate();
    }

    /// @param secrets the bytes of the secrets drive, empty for none
    VmSpec spec(BootFiles boot, PhaseSteps steps, byte[] secrets, Path console) {
        var contents = new EnumMap<>(inputs.contents());
        if (secrets.length > 0) {
            contents.put(Drive.SECRETS, new DriveContent.Bytes(secrets));
        }
        return new VmSpec(
                order.key().run().text()
                        + "-"
                        + order.phase().key().toLowerCase(Locale.ROOT).replace('_', '-'),
                boot,
                shape(),
                steps.all(),
                contents,
                DriveRules.writable(order.phase()),
                console,
                new VmLimits(BOOT, limits().time(order.phase()), CONSOLE_BYTES, limits().log()));
    }

    private Limits limits() {
        return order.settings().limits();
    }

    private VmShape shape() {
        var slots = DriveSlots.standard().with(Drive.SCRATCH, whole(limits().scratch()));
        for (Drive drive : SIZED) {
            slots = slots.with(drive, slot(drive));
        }
        return new VmShape(limits().cpus(), (int) (limits().memory() / MIB), slots);
    }

    /// The plan may ask for less than the operator grants, never for more.
    private long slot(Drive drive) {
        long granted = granted(drive);
        return whole(Math.min(granted, order.plan().sizeOf(drive).orElse(granted)));
    }

    private long granted(Drive drive) {
        return switch (drive) {
            case ARTIFACTS -> limits().artifacts();
            case CACHE -> limits().cache();
            case DEPENDENCIES -> limits().dependencies();
            case EXECUTOR, SOURCE, SECRETS, SCRATCH ->
                    throw new IllegalArgumentException(drive.node() + " has no limit in a plan");
        };
    }

    private static long whole(long bytes) {
        return Math.max(GRAIN, (bytes + GRAIN - 1) / GRAIN * GRAIN);
    }

    /// One line for each archive that the plan wants larger than the operator grants.
    List<String> cuts() {
        return DriveRules.writable(order.phase()).stream()
                .flatMap(drive -> cut(drive).stream())
                .toList();
    }

    private Optional<String> cut(Drive drive) {
        long granted = granted(drive);
        long asked = order.plan().sizeOf(drive).orElse(granted);
        return asked <= granted
                ? Optional.empty()
                : Optional.of(
                        "warning: the plan asks for %,d bytes of %s; the limit here is %,d"
                                .formatted(asked, DriveRules.word(drive), granted));
    }
}
