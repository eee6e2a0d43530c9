package airlock.app;

import airlock.config.Housekeeping;
import airlock.config.RepositoryConfig;
import airlock.config.Retention;
import airlock.config.Shelf;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.event.Stock;
import airlock.queue.DeliveryStock;
import airlock.queue.Needs;
import airlock.results.BlobStock;
import airlock.results.LogStock;
import airlock.retention.Excess;
import airlock.retention.Janitor;
import airlock.retention.MirrorStock;
import airlock.retention.SourceStock;
import airlock.retention.Usage;
import airlock.run.RoomGate;
import airlock.source.SourceFiles;
import airlock.store.Room;
import airlock.store.Stillness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What is kept in the running server: the janitor, and who uses what.
final class Upkeep implements AutoCloseable {
    private final Configured configured;
    private final Housekeeping housekeeping;
    private final Core core;
    private final Path state;
    private final Room room;
    private final RoomGate gate;
    private final Map<Shelf, Stock> stocks;
    private final Janitor janitor;

    /// @param room that of the state's disk
    Upkeep(Core core, Path state, Room room) {
        this.configured = core.configured();
        this.housekeeping = core.config().housekeeping();
        this.core = core;
        this.state = state;
        this.room = room;
        this.gate = new RoomGate(room, housekeeping.reserve());
        this.stocks = stocks(core, state);
        this.janitor =
                new Janitor(
                        new Janitor.Parts(
                                stocks, room, new Stillness(state), core.database(), core.clock()),
                        housekeeping,
                        this::policy);
    }

    private static Map<Shelf, Stock> stocks(Core core, Path state) {
        var needs = new Needs(core.database());
        var files = new SourceFiles(state);
        var kept = core.kept();
        var stocks = new EnumMap<Shelf, Stock>(Shelf.class);
        for (Shelf shelf : Shelf.values()) {
            stocks.put(
                    shelf,
                    switch (shelf) {
                        case LOGS ->
                                new LogStock(
                                        core.database(), kept.logs(), kept.work(), core.clock());
                        case BLOBS -> new BlobStock(core.database(), kept.blobs(), core.clock());
                        case SOURCES -> new SourceStock(files, needs);
                        case MIRRORS -> new MirrorStock(files, needs);
                        case DELIVERIES -> new DeliveryStock(core.database(), core.clock());
                    });
        }
        return stocks;
    }

    void start() {
        janitor.start();
    }

    /// Keeps work from beginning while there is no room.
    RoomGate gate() {
        return gate;
    }

    private Retention policy(String owner) {
        return owner.contains("/")
                ? core.config().retention(owner)
                : repository(owner).map(RepositoryConfig::retention).orElse(housekeeping.each());
    }

    private Optional<RepositoryConfig> repository(String owner) {
        return configured.configOf(RepositoryId.parse(owner));
    }

    private String name(String owner) {
        return owner.isEmpty() || owner.contains("/")
                ? owner
                : repository(owner).map(Configured::hook).orElse(owner);
    }

    Reply usage(Consumer<Reply> replies) {
        var usage = Usage.of(stocks, housekeeping, this::policy);
        usage.lines().stream().map(this::line).forEach(replies);
        usage.excesses().stream().map(this::over).forEach(replies);
        replies.accept(
                new Reply.Disk(
                        room.free(),
                        housekeeping.reserve(),
                        size(state.resolve("airlock.db")) + size(state.resolve("airlock.db-wal")),
                        size(state.resolve("images"))));
        return new Reply.Done("");
    }

    private Reply line(Usage.Line line) {
        return new Reply.Used(
                name(line.owner()),
                line.shelf().word(),
                line.items(),
                line.bytes(),
                line.quota(),
                line.oldest().toEpochMilli());
    }

    private Reply over(Excess excess) {
        return new Reply.Over(
                name(excess.owner()), excess.shelf().word(), excess.bytes(), excess.allowed());
    }

    private static long size(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + path, e);
        }
    }

    @Override
    public void close() {
        janitor.close();
    }
}
