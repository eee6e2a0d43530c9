package airlock.app;

import airlock.config.AirlockConfig;
import airlock.queue.Claims;
import airlock.queue.OutsideHour;
import airlock.queue.Pins;
import airlock.queue.Planning;
import airlock.results.Blobs;
import airlock.results.PhaseRecords;
import airlock.results.RunLogs;
import airlock.results.Views;
import airlock.secrets.KeyFile;
import airlock.secrets.SshKeys;
import airlock.statuses.Outbox;
import airlock.store.Bell;
import airlock.store.Database;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;

/// The parts that several doors of the server share: all that is kept, and nothing that runs.
record Core(
        AirlockConfig config,
        Configured configured,
        Database database,
        Bell bell,
        Outbox outbox,
        Claims claims,
        Planning planning,
        Kept kept,
        SshKeys keys,
        InstantSource clock) {

    /// What runs leave.
    record Kept(PhaseRecords records, RunLogs logs, Blobs blobs, Views views, Path work) {}

    static Core of(AirlockConfig config, Path state, Database database, InstantSource clock) {
        var outbox = new Outbox(database, clock, config.baseUrl());
        return new Core(
                config,
                new Configured(config, new Pins(database)),
                database,
                new Bell(),
                outbox,
                new Claims(database, clock, outbox, "server-" + UUID.randomUUID()),
                new Planning(database, clock, outbox, new OutsideHour(config.outsideAnHour())),
                new Kept(
                        new PhaseRecords(database, clock),
                        new RunLogs(state.resolve("logs")),
                        new Blobs(database, state.resolve("blobs"), clock),
                        new Views(database),
                        state.resolve("work")),
                new SshKeys(database, clock, new KeyFile(state.resolve(KeyFile.NAME))),
                clock);
    }
}
