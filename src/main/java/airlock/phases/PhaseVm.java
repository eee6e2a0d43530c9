package airlock.phases;

import airlock.config.Limits;
import airlock.plan.DriveRules;
import airlock.plan.PhaseSteps;
import airlock.results.Blobs;
import airlock.vm.BootFiles;
import airlock.vm.Drive;
import airlock.vm.DriveContent;
import airlock.vm.PortServer;
import airlock.vm.VmSpec;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The virtual machine of a phase: the same for all three but for what its drives hold and which
/// of them it may write.
final class PhaseVm {
    private final PhaseOrder order;
    private final PhaseInputs inputs;

    PhaseVm(PhaseOrder order, Blobs blobs) {
        this.order = order;
        this.inputs = PhaseInputs.of(order, blobs, this::most);
    }

    /// Whether it reads what a phase with a secret wrote.
    boolean readsPrivate() {
        return inputs.isPrivate();
    }

    /// What its drives hold, but for secrets.
    Map<Drive, DriveContent> contents() {
        return inputs.contents();
    }

    /// @param secrets the bytes of the secrets drive, empty for none
    /// @param uplink serves the port of that name
    VmSpec spec(
            BootFiles boot,
            PhaseSteps steps,
            byte[] secrets,
            Path console,
            Optional<PortServer> uplink) {
        var contents = new EnumMap<>(inputs.contents());
        if (secrets.length > 0) {
            contents.put(Drive.SECRETS, new DriveContent.Bytes(secrets));
        }
        return new VmSpec(
                order.key().run().text()
                        + "-"
                        + order.phase().key().toLowerCase(Locale.ROOT).replace('_', '-'),
                boot,
                PhaseShape.of(limits(), order.plan().settings()),
                steps.all(),
                contents,
                DriveRules.writable(order.phase()),
                console,
                PhaseLimits.of(order).ofVm(),
                uplink);
    }

    private Limits limits() {
        return order.settings().limits();
    }

    /// The plan may ask for less than the operator grants, never for more.
    static long most(PhaseOrder order, Drive drive) {
        long granted = granted(order.settings().limits(), drive);
        return PhaseShape.whole(Math.min(granted, order.plan().sizeOf(drive).orElse(granted)));
    }

    private long most(Drive drive) {
        return most(order, drive);
    }

    /// Why an archive is larger than the plan wanted any to be; empty where none is.
    Optional<String> tooLarge(Map<Drive, Long> packed) {
        return packed.entrySet().stream()
                .filter(archive -> archive.getValue() > most(archive.getKey()))
                .map(
                        archive ->
                                "%s became %,d bytes; the plan itself allows %,d"
                                        .formatted(
                                                DriveRules.word(archive.getKey()),
                                                archive.getValue(),
                                                most(archive.getKey())))
                .findFirst();
    }

    private static long granted(Limits limits, Drive drive) {
        return switch (drive) {
            case ARTIFACTS -> limits.artifacts();
            case CACHE -> limits.cache();
            case DEPENDENCIES -> limits.dependencies();
            case PLAN, SOURCE, SECRETS, SCRATCH ->
                    throw new IllegalArgumentException(drive.node() + " has no limit in a plan");
        };
    }

    /// One line for each archive that the plan wants larger than the operator grants.
    List<String> cuts() {
        return DriveRules.writable(order.phase()).stream()
                .flatMap(drive -> cut(drive).stream())
                .toList();
    }

    private Optional<String> cut(Drive drive) {
        long granted = granted(limits(), drive);
        long asked = order.plan().sizeOf(drive).orElse(granted);
        return asked <= granted
                ? Optional.empty()
                : Optional.of(
                        "warning: the plan asks for %,d bytes of %s; the limit here is %,d"
                                .formatted(asked, DriveRules.word(drive), granted));
    }
}
