package airlock.site;

import airlock.machine.MachineHealth;
import airlock.metrics.Standing;
import airlock.queue.Load;
import airlock.statuses.Outbox;
import airlock.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;

/// Reads the current state for metrics.
final class CurrentStanding implements Supplier<Standing> {
    private final Database database;
    private final Outbox outbox;
    private final Path state;
    private final MachineHealth health;
    private final Load load;

    CurrentStanding(
            Database database,
            Outbox outbox,
            Path state,
            MachineHealth health,
            InstantSource clock) {
        this.health = health;
        this.database = database;
        this.outbox = outbox;
        this.state = state;
        this.load = new Load(database, clock);
    }

    @Override
    public Standing get() {
        var statuses = outbox.undelivered();
        var use = database.use();
        return new Standing(
                queued(load.requests()),
                queued(load.runs()),
                new Standing.Statuses(statuses.waiting(), statuses.paused(), statuses.givenUp()),
                disk(),
                new Standing.Store(use.reads(), use.writes()),
                new Standing.Machines(health.readyClones(), health.problems().size()));
    }

    private static Standing.Queued queued(Load.Open open) {
        return new Standing.Queued(open.waiting(), open.worked(), open.oldest());
    }

    private Standing.Disk disk() {
        try {
            var store = Files.getFileStore(state);
            return new Standing.Disk(store.getUsableSpace(), store.getTotalSpace());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the free space of " + state, e);
        }
    }
}
