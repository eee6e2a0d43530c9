package airlock.site;

import airlock.config.AirlockConfig;
import airlock.event.StateChange;
import airlock.machine.Build;
import airlock.machine.MachineHealth;
import airlock.metrics.Meters;
import airlock.queue.Claims;
import airlock.queue.OutsideHour;
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
import airlock.store.Bell;
import airlock.store.Database;
import airlock.store.Listener;
import airlock.store.Stillness;
import airlock.web.ReadBudget;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;

/// The parts that several doors of the server share: all that is kept, and nothing that runs.
public record Core(
        AirlockConfig config,
        Configured configured,
        Pins pins,
        Database database,
        Bell bell,
        Outbox outbox,
        Meters meters,
        Listener<StateChange> changes,
        Claims claims,
        Planning planning,
        Kept kept,
        SecretStore secrets,
        Rotation rotation,
        HookSecrets hookSecrets,
        ReadTokens tokens,
        ReadBudget reading,
        InstantSource clock) {

    /// What runs leave.
    public record Kept(
            PhaseRecords records, RunLogs logs, Blobs blobs, StoredViews views, Path work) {}

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

    public static Core of(
            AirlockConfig config,
            Path state,
            Database database,
            MachineHealth health,
            InstantSource clock) {
        var outbox = new Outbox(database, clock, config.baseUrl());
        var standing = new StandingNow(database, outbox, state, health, clock);
        var meters = new Meters(Build.version(), standing);
        var changes = outbox.and(new CountedChanges(meters));
        var keyFile = KeyFile.at(config.keyPlace());
        var hookSecrets = new HookSecrets(database, clock, keyFile);
        // now, so that a lost master key stops the start and not each delivery
        config.repositories().forEach(r -> hookSecrets.of(Configured.hook(r)));
        var pins = new Pins(database);
        return new Core(
                config,
                new Configured(config, pins),
                pins,
                database,
                new Bell(),
                outbox,
                meters,
                changes,
                new Claims(database, clock, changes, "server-" + UUID.randomUUID()),
                new Planning(database, clock, changes, new OutsideHour(config.outsideAnHour())),
                kept(state, database, meters, clock),
                SecretStore.of(database, clock, keyFile),
                new Rotation(database, keyFile, new Stillness(state)),
                hookSecrets,
                new ReadTokens(database, clock),
                ReadBudget.ofHeap(),
                clock);
    }
}
