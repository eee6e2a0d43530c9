package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
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
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The virtual machine of a phase: the same for all three but for what its drives hold and which
/// of them it may write.
final class PhaseVm {
    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final long CONSOLE_BYTES = 1 << 20;
    private static final long GRAIN = 4096;
    private static final long MIB = 1 << 20;

    private final PhaseOrder order;
    private final Blobs blobs;

    PhaseVm(PhaseOrder order, Blobs blobs) {
        this.order = order;
        this.blobs = blobs;
    }

    /// @param secrets the bytes of the secrets drive, empty for none
    VmSpec spec(BootFiles boot, PhaseSteps steps, byte[] secrets, Path console) {
        var contents = inputs();
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
                writable(order.phase()),
                console,
                new VmLimits(BOOT, limits().time(order.phase()), CONSOLE_BYTES, limits().log()));
    }

    private Limits limits() {
        return order.settings().limits();
    }

    private VmShape shape() {
        var slots =
                DriveSlots.standard()
                        .with(Drive.ARTIFACTS, slot(Drive.ARTIFACTS, limits().artifacts()))
                        .with(Drive.CACHE, slot(Drive.CACHE, limits().cache()))
                        .with(Drive.DEPENDENCIES, slot(Drive.DEPENDENCIES, limits().dependencies()))
                        .with(Drive.SCRATCH, whole(limits().scratch()));
        return new VmShape(limits().cpus(), (int) (limits().memory() / MIB), slots);
    }

    /// The plan may ask for less than the operator grants, never for more.
    private long slot(Drive drive, long granted) {
        return whole(
                Math.min(
                        granted,
                        order.plan()
                                .sizeOf(airlock.plan.Drive.valueOf(drive.name()))
                                .orElse(granted)));
    }

    private static long whole(long bytes) {
        return Math.max(GRAIN, (bytes + GRAIN - 1) / GRAIN * GRAIN);
    }

    private Map<Drive, DriveContent> inputs() {
        var run = order.key().run();
        var inputs = new EnumMap<Drive, DriveContent>(Drive.class);
        inputs.put(Drive.SOURCE, new DriveContent.Copy(order.source()));
        if (order.phase() != Phase.PRE_PLAN) {
            blobs.of(run, Phase.PRE_PLAN, "dependencies")
                    .ifPresent(
                            b -> inputs.put(Drive.DEPENDENCIES, new DriveContent.Copy(b.file())));
            blobs.of(run, Phase.PRE_PLAN, "cache")
                    .ifPresent(b -> inputs.put(Drive.CACHE, new DriveContent.Copy(b.file())));
        }
        if (order.phase() == Phase.POST_PLAN) {
            blobs.of(run, Phase.PLAN, "artifacts")
                    .ifPresent(b -> inputs.put(Drive.ARTIFACTS, new DriveContent.Copy(b.file())));
            blobs.of(run, Phase.PLAN, "cache")
                    .ifPresent(b -> inputs.put(Drive.CACHE, new DriveContent.Copy(b.file())));
        }
        return inputs;
    }

    /// What a phase may write: the table of design.md, section 3.
    static Set<Drive> writable(Phase phase) {
        return switch (phase) {
            case PRE_PLAN -> EnumSet.of(Drive.DEPENDENCIES, Drive.CACHE);
            case PLAN -> EnumSet.of(Drive.ARTIFACTS, Drive.CACHE);
            case POST_PLAN -> EnumSet.noneOf(Drive.class);
        };
    }

    /// The name under which what is on `drive` is kept.
    static String output(Drive drive) {
        return switch (drive) {
            case ARTIFACTS -> "artifacts";
            case CACHE -> "cache";
            case DEPENDENCIES -> "dependencies";
            case EXECUTOR, SOURCE, SECRETS, SCRATCH ->
                    throw new IllegalArgumentException(drive.node() + " has no output");
        };
    }
}
