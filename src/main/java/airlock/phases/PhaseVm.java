package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.phases.Reuse.SourceSum;
import airlock.plan.DriveRules;
import airlock.plan.PhaseSteps;
import airlock.results.Blob;
import airlock.results.Blobs;
import airlock.results.Blobs.BlobMark;
import airlock.vm.BootFiles;
import airlock.vm.Drive;
import airlock.vm.VmModel;
import airlock.vm.VmSpec;
import airlock.vm.VmSpec.DriveContent;
import airlock.vm.VmSpec.PortServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The virtual machine of a phase. Phases differ only in the content of their drives and in which
/// of them they may write.
final class PhaseVm {
    private final PhaseOrder order;
    private final Blobs blobs;
    private final Map<Drive, DriveContent> contents = new EnumMap<>(Drive.class);
    private boolean readsPrivate;

    PhaseVm(PhaseOrder order, Blobs blobs) {
        this.order = order;
        this.blobs = blobs;
        contents.put(Drive.SOURCE, new DriveContent.Copy(order.source()));
        for (Drive drive : read(order.phase())) {
            own(drive).or(() -> earlier(drive)).ifPresent(blob -> put(drive, blob));
        }
    }

    private void put(Drive drive, Blob blob) {
        contents.put(drive, new DriveContent.Copy(blob.file()));
        readsPrivate |= blob.isPrivate();
    }

    private static List<Drive> read(Phase phase) {
        return switch (phase) {
            case PRE_PLAN, PLAN -> List.of(Drive.DEPENDENCIES, Drive.CACHE);
            case POST_PLAN -> List.of(Drive.DEPENDENCIES, Drive.CACHE, Drive.ARTIFACTS);
        };
    }

    private Optional<Blob> own(Drive drive) {
        var run = order.key().run();
        String name = DriveRules.word(drive);
        return switch (order.phase()) {
            case PRE_PLAN -> Optional.empty();
            case PLAN -> blobs.of(run, Phase.PRE_PLAN, name);
            case POST_PLAN ->
                    blobs.of(run, Phase.PLAN, name).or(() -> blobs.of(run, Phase.PRE_PLAN, name));
        };
    }

    /// The output of an earlier run (T6), except for artifacts.
    private Optional<Blob> earlier(Drive drive) {
        if (drive == Drive.ARTIFACTS) {
            return Optional.empty();
        }
        var wanted = drive == Drive.CACHE ? cache() : BlobMark.NONE;
        var branch = order.settings().defaultBranch();
        return blobs.earlier(order.key().run(), branch, DriveRules.word(drive), wanted).stream()
                .map(Blobs.Found::blob)
                // it may be from a time with a higher limit
                .filter(blob -> blob.bytes() <= most(order, drive))
                .findFirst();
    }

    /// Whether an input comes from a phase that had a secret.
    boolean readsPrivate() {
        return readsPrivate;
    }

    Map<Drive, DriveContent> contents() {
        return Map.copyOf(contents);
    }

    /// @param secrets the bytes of the secrets drive, empty for none
    /// @param uplink serves the port of that name
    VmSpec spec(
            BootFiles boot,
            PhaseSteps steps,
            byte[] secrets,
            Path console,
            Optional<PortServer> uplink) {
        var filled = new EnumMap<>(contents);
        if (secrets.length > 0) {
            filled.put(Drive.SECRETS, new DriveContent.Bytes(secrets));
        }
        return new VmSpec(
                order.key().run().text()
                        + "-"
                        + order.phase().key().toLowerCase(Locale.ROOT).replace('_', '-'),
                new VmModel(boot, PhaseShape.of(limits(), order.plan().settings())),
                steps.all(),
                filled,
                DriveRules.writable(order.phase()),
                console,
                PhaseLimits.of(order).ofVm(),
                uplink);
    }

    private Limits limits() {
        return order.settings().limits();
    }

    /// The limit of a drive: the operator's, or less if the plan asks for less.
    static long most(PhaseOrder order, Drive drive) {
        long granted = granted(order.settings().limits(), drive);
        return PhaseShape.whole(Math.min(granted, order.plan().sizeOf(drive).orElse(granted)));
    }

    Optional<String> tooLarge(Map<Drive, Long> packed) {
        return packed.entrySet().stream()
                .filter(archive -> archive.getValue() > most(order, archive.getKey()))
                .map(
                        archive ->
                                "%s became %,d bytes; the plan itself allows %,d"
                                        .formatted(
                                                DriveRules.word(archive.getKey()),
                                                archive.getValue(),
                                                most(order, archive.getKey())))
                .findFirst();
    }

    static long granted(Limits limits, Drive drive) {
        return switch (drive) {
            case ARTIFACTS -> limits.artifacts();
            case CACHE -> limits.cache();
            case DEPENDENCIES -> limits.dependencies();
            case PLAN, SOURCE, SECRETS, SCRATCH ->
                    throw new IllegalArgumentException(drive.node() + " has no limit in a plan");
        };
    }

    /// A line for each archive that the plan wants larger than the operator grants.
    List<String> cuts() {
        var cuts = new ArrayList<String>();
        for (Drive drive : DriveRules.writable(order.phase())) {
            long granted = granted(limits(), drive);
            long asked = order.plan().sizeOf(drive).orElse(granted);
            if (asked > granted) {
                cuts.add(
                        "warning: the plan asks for %,d bytes of %s; the limit here is %,d"
                                .formatted(asked, DriveRules.word(drive), granted));
            }
        }
        return cuts;
    }

    /// The mark by which later runs find an output, as the plan says.
    ///
    /// @param reuseKey of its dependencies
    BlobMark mark(Drive drive, Optional<String> reuseKey) {
        return switch (drive) {
            case DEPENDENCIES -> BlobMark.of(reuseKey.orElse(""));
            case CACHE -> cache();
            case ARTIFACTS ->
                    new BlobMark("", "", true, order.plan().settings().artifacts().keep());
            case PLAN, SOURCE, SECRETS, SCRATCH -> BlobMark.NONE;
        };
    }

    private BlobMark cache() {
        var rule = order.plan().settings().cache();
        return new BlobMark(
                rule.name().orElse(""),
                cacheKey(),
                rule.writers().have(order.trust()),
                Optional.empty());
    }

    private String cacheKey() {
        var patterns = order.plan().settings().cache().key().orElse(List.of());
        if (patterns.isEmpty()) {
            return "";
        }
        try {
            return new SourceSum()
                    .of(
                            order.source(),
                            entry -> patterns.stream().anyMatch(it -> it.matches(entry.path())))
                    .hex();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the source " + order.source(), e);
        }
    }
}
