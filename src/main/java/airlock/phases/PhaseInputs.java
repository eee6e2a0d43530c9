package airlock.phases;

import airlock.event.Phase;
import airlock.plan.DriveRules;
import airlock.results.Blob;
import airlock.results.BlobReader;
import airlock.results.Blobs;
import airlock.vm.Drive;
import airlock.vm.DriveContent;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// What the drives of a phase's VM hold: what earlier phases of the run left, and where those left
/// nothing, what earlier runs left (T6).
///
/// @param contents by drive
/// @param isPrivate whether any of it is: then what the phase writes is, too
record PhaseInputs(Map<Drive, DriveContent> contents, boolean isPrivate) {
    PhaseInputs {
        contents = Map.copyOf(contents);
    }

    /// @param room the length that fits a drive, in bytes; what an earlier run left may be longer
    static PhaseInputs of(PhaseOrder order, Blobs blobs, ToLongFunction<Drive> room) {
        var contents = new EnumMap<Drive, DriveContent>(Drive.class);
        contents.put(Drive.SOURCE, new DriveContent.Copy(order.source()));
        boolean secret = false;
        for (Drive drive : read(order.phase())) {
            var blob =
                    own(order, blobs, drive)
                            .or(() -> earlier(order, blobs, drive, room.applyAsLong(drive)));
            blob.ifPresent(b -> contents.put(drive, new DriveContent.Copy(b.file())));
            secret |= blob.filter(Blob::isPrivate).isPresent();
        }
        return new PhaseInputs(contents, secret);
    }

    private static List<Drive> read(Phase phase) {
        return switch (phase) {
            case PRE_PLAN, PLAN -> List.of(Drive.DEPENDENCIES, Drive.CACHE);
            case POST_PLAN -> List.of(Drive.DEPENDENCIES, Drive.CACHE, Drive.ARTIFACTS);
        };
    }

    /// What the phases of this run before `order`'s wrote, the last one first.
    private static Optional<Blob> own(PhaseOrder order, Blobs blobs, Drive drive) {
        var run = order.key().run();
        String name = DriveRules.word(drive);
        return switch (order.phase()) {
            case PRE_PLAN -> Optional.empty();
            case PLAN -> blobs.of(run, Phase.PRE_PLAN, name);
            case POST_PLAN ->
                    blobs.of(run, Phase.PLAN, name).or(() -> blobs.of(run, Phase.PRE_PLAN, name));
        };
    }

    /// Artifacts are a run's own.
    private static Optional<Blob> earlier(PhaseOrder order, Blobs blobs, Drive drive, long room) {
        if (drive == Drive.ARTIFACTS) {
            return Optional.empty();
        }
        return blobs
                .earlier(reader(order), DriveRules.word(drive), Marks.wanted(order, drive))
                .stream()
                .filter(blob -> blob.bytes() <= room)
                .findFirst();
    }

    /// Who wants to start from what earlier runs left.
    static BlobReader reader(PhaseOrder order) {
        return new BlobReader(
                order.key().run(),
                order.id(),
                order.subject(),
                order.trust(),
                order.settings().defaultBranch());
    }
}
