package airlock.operator;

import airlock.config.Housekeeping;
import airlock.config.RepositoryConfig;
import airlock.config.RetainedKind;
import airlock.config.Retention;
import airlock.control.Reply;
import airlock.event.Prunable;
import airlock.event.RepositoryId;
import airlock.machine.Occupied;
import airlock.queue.InUse;
import airlock.queue.PrunableDeliveries;
import airlock.results.PrunableLogs;
import airlock.retention.Janitor;
import airlock.retention.PrunableSources;
import airlock.retention.PrunableSources.PrunableMirrors;
import airlock.retention.Usage;
import airlock.run.DiskSpaceGate;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.source.SourceFiles;
import airlock.store.DiskSpace;
import airlock.store.Stillness;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/// Runs the janitor, and reports disk use.
public final class Upkeep implements AutoCloseable {
    private final Configured configured;
    private final Housekeeping housekeeping;
    private final Path state;
    private final DiskSpace room;
    private final DiskSpaceGate gate;
    private final Map<RetainedKind, Prunable> prunables;
    private final Janitor janitor;

    /// @param room free space on the disk of the state directory
    public Upkeep(Core core, Path state, DiskSpace room) {
        this.configured = core.configured();
        this.housekeeping = core.config().housekeeping();
        this.state = state;
        this.room = room;
        this.gate = new DiskSpaceGate(room, housekeeping.reserve());
        this.prunables = prunables(core, state);
        this.janitor =
                new Janitor(
                        new Janitor.Parts(
                                prunables,
                                room,
                                new Stillness(state),
                                core.database(),
                                core.clock()),
                        housekeeping,
                        this::policy);
    }

    private static Map<RetainedKind, Prunable> prunables(Core core, Path state) {
        var needs = new InUse(core.database());
        var files = new SourceFiles(state);
        var kept = core.kept();
        var prunables = new EnumMap<RetainedKind, Prunable>(RetainedKind.class);
        for (RetainedKind kind : RetainedKind.values()) {
            prunables.put(
                    kind,
                    switch (kind) {
                        case LOGS ->
                                new PrunableLogs(
                                        core.database(), kept.logs(), kept.work(), core.clock());
                        case BLOBS -> kept.blobs().prunable();
                        case SOURCES -> new PrunableSources(files, needs);
                        case MIRRORS -> new PrunableMirrors(files, needs);
                        case DELIVERIES -> new PrunableDeliveries(core.database(), core.clock());
                    });
        }
        return prunables;
    }

    public void start() {
        janitor.start();
    }

    /// Shut while the disk is too full to start work.
    public DiskSpaceGate gate() {
        return gate;
    }

    private Retention policy(String owner) {
        var repository =
                owner.contains("/")
                        ? configured.ofHook(owner)
                        : configured.configOf(RepositoryId.parse(owner));
        return repository.map(RepositoryConfig::retention).orElse(housekeeping.each());
    }

    private String name(String owner) {
        return owner.isEmpty() || owner.contains("/")
                ? owner
                : configured.hookOf(RepositoryId.parse(owner));
    }

    Reply usage(Consumer<Reply> replies) {
        var usage = Usage.of(prunables, housekeeping, this::policy);
        usage.lines().stream().map(this::line).forEach(replies);
        usage.excesses().stream().map(this::over).forEach(replies);
        replies.accept(
                new Reply.Disk(
                        room.free(),
                        housekeeping.reserve(),
                        Occupied.by(state.resolve("airlock.db"))
                                + Occupied.by(state.resolve("airlock.db-wal")),
                        Occupied.by(state.resolve("images")),
                        Occupied.by(state.resolve("templates")),
                        Occupied.by(state.resolve("vms"))));
        return new Reply.Done("");
    }

    private Reply line(Usage.Line line) {
        return new Reply.Used(
                name(line.owner()),
                line.kind().word(),
                line.items(),
                line.bytes(),
                line.quota(),
                line.oldest());
    }

    private Reply over(Usage.Excess excess) {
        return new Reply.Over(
                name(excess.owner()), excess.kind().word(), excess.bytes(), excess.allowed());
    }

    @Override
    public void close() {
        janitor.close();
    }
}
