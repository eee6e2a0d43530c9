package airlock.site;

import airlock.config.AirlockConfig;
import airlock.event.StateChange;
import airlock.machine.Build;
import airlock.machine.Hypervisor.MachineHealth;
import airlock.metrics.Meters;
import airlock.metrics.Standing;
import airlock.queue.Claims;
import airlock.queue.Load;
import airlock.queue.OutsideRateLimit;
import airlock.queue.Pins;
import airlock.queue.Planning;
import airlock.results.Blobs;
import airlock.results.PhaseRecords;
import airlock.results.RunLogs;
import airlock.results.StoredViews;
import airlock.secrets.HookSecrets;
import airlock.secrets.KeyFile;
import airlock.secrets.ReadTokens;
import airlock.secrets.Rotation;
import airlock.secrets.SecretStore;
import airlock.statuses.Outbox;
import airlock.store.Database;
import airlock.store.Listener;
import airlock.store.Signal;
import airlock.store.Stillness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;

/// The state that pages, webhooks and commands of a server share; no background work.
public record Core(
        AirlockConfig config,
        Configured configured,
        Database database,
        Meters meters,
        Queue queue,
        Kept kept,
        Keys keys,
        InstantSource clock) {

    /// Requests, runs and their statuses.
    ///
    /// @param signal raised when there is new work
    public record Queue(
            Pins pins,
            Claims claims,
            Planning planning,
            Outbox outbox,
            Listener<StateChange> changes,
            Signal signal) {}

    public record Kept(
            PhaseRecords records, RunLogs logs, Blobs blobs, StoredViews views, Path work) {}

    public record Keys(
            SecretStore secrets, Rotation rotation, HookSecrets hooks, ReadTokens tokens) {}

    private static Kept kept(Path state, Database database, Meters meters, InstantSource clock) {
        Listener<PhaseRecords.PhaseEnd> ends =
                Listener.hearing(
                        end -> meters.phaseEnded(end.phase().phase(), end.verdict(), end.took()));
        return new Kept(
                new PhaseRecords(database, clock, ends),
                new RunLogs(state.resolve("logs")),
                new Blobs(database, state.resolve("blobs"), clock),
                new StoredViews(database),
                state.resolve("work"));
    }

    /// Counts runs and requests that end, even if their transaction fails afterwards: other metrics
    /// show failures of the disk.
    private static void count(Meters meters, StateChange change) {
        if (change.state() instanceof StateChange.State.Ended ended) {
            boolean request = change.context().equals(change.subject().context());
            meters.ended(request ? Meters.Ended.REQUEST : Meters.Ended.RUN, ended.verdict());
        }
    }

    public static Core of(
            AirlockConfig config,
            Path state,
            Database database,
            MachineHealth health,
            InstantSource clock) {
        var outbox = new Outbox(database, clock, config.baseUrl());
        var load = new Load(database, clock);
        var meters =
                new Meters(Build.version(), () -> standing(database, outbox, load, state, health));
        var changes = outbox.and(change -> count(meters, change));
        var keyFile = KeyFile.at(config.keyPlace());
        var hookSecrets = new HookSecrets(database, clock, keyFile);
        // now, so that a lost master key stops the start-up instead of each delivery
        config.repositories().forEach(r -> hookSecrets.of(Configured.hook(r)));
        var pins = new Pins(database);
        var claims = new Claims(database, clock, changes, "server-" + UUID.randomUUID());
        var outside = new OutsideRateLimit(config.outsideAnHour());
        var planning = new Planning(database, clock, changes, outside);
        return new Core(
                config,
                new Configured(config, pins),
                database,
                meters,
                new Queue(pins, claims, planning, outbox, changes, new Signal()),
                kept(state, database, meters, clock),
                new Keys(
                        SecretStore.of(database, clock, keyFile),
                        new Rotation(database, keyFile, new Stillness(state)),
                        hookSecrets,
                        new ReadTokens(database, clock)),
                clock);
    }

    private static Standing standing(
            Database database, Outbox outbox, Load load, Path state, MachineHealth health) {
        var statuses = outbox.undelivered();
        var use = database.use();
        return new Standing(
                queued(load.requests()),
                queued(load.runs()),
                new Standing.Statuses(statuses.waiting(), statuses.paused(), statuses.givenUp()),
                disk(state),
                new Standing.Store(use.reads(), use.writes()),
                new Standing.Machines(health.readyClones(), health.problems().size()));
    }

    private static Standing.Queued queued(Load.Open open) {
        return new Standing.Queued(open.waiting(), open.worked(), open.oldest());
    }

    private static Standing.Disk disk(Path state) {
        try {
            var store = Files.getFileStore(state);
            return new Standing.Disk(store.getUsableSpace(), store.getTotalSpace());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the free space of " + state, e);
        }
    }
}
