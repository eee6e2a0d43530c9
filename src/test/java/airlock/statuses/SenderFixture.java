package airlock.statuses;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.forge.StatusPoster;
import airlock.house.MovedClock;
import airlock.statuses.StatusViews.OutboxRow;
import airlock.store.Database;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An outbox and a sender for one or two forges, with a manual clock.
final class SenderFixture implements AutoCloseable {
    static final CommitId COMMIT = new CommitId("ab".repeat(20));
    static final Duration LIMIT = Duration.ofSeconds(2);

    final MovedClock clock = new MovedClock();
    final Map<String, ScriptedForge> forges = new LinkedHashMap<>();
    Outbox outbox;
    StatusSender sender;

    private final Path file;
    private Database database;

    SenderFixture(Path folder, String... names) {
        file = folder.resolve("airlock.db");
        for (String name : names) {
            forges.put(name, new ScriptedForge(name));
        }
        database = Database.open(file);
        outbox = new Outbox(database, clock, URI.create("https://ci.example"));
        sender = newSender();
    }

    private StatusSender newSender() {
        Map<String, StatusPoster> posters = new LinkedHashMap<>();
        forges.forEach((name, forge) -> posters.put(name, forge.poster(clock, LIMIT)));
        return new StatusSender(
                database,
                outbox,
                clock,
                posters,
                id ->
                        Optional.ofNullable(forges.get(id.forge()))
                                .flatMap(forge -> forge.configured(id)));
    }

    /// Replaces the server; the database stays.
    void restart() {
        sender.close();
        database.close();
        database = Database.open(file);
        outbox = new Outbox(database, clock, URI.create("https://ci.example"));
        sender = newSender();
    }

    /// Replaces the sender; the database stays open.
    void replaceSender() {
        sender.close();
        sender = newSender();
    }

    ScriptedForge forge() {
        return forges.values().iterator().next();
    }

    ScriptedForge forge(String name) {
        return Optional.ofNullable(forges.get(name)).orElseThrow();
    }

    /// Announces a request that waits, runs and ends with `verdict`, in one context.
    RequestId life(String context, Verdict verdict) {
        return life(forge().repository, COMMIT, context, verdict);
    }

    RequestId life(RepositoryId repository, CommitId commit, String context, Verdict verdict) {
        var request = RequestId.random();
        for (State state :
                List.of(new State.Queued(), new State.Running(), new State.Ended(verdict, ""))) {
            tell(repository, commit, request, context, state);
        }
        return request;
    }

    void tell(
            RepositoryId repository,
            CommitId commit,
            RequestId request,
            String context,
            State state) {
        var change =
                new StateChange(
                        repository,
                        new Subject.Branch("refs/heads/main"),
                        commit,
                        request,
                        context,
                        TrustClass.INSIDE,
                        state);
        database.write(
                handle -> {
                    outbox.changed(handle, change);
                    return true;
                });
    }

    /// Runs the sender until nothing is open; moves the clock while all open statuses wait.
    ///
    /// @return the number of attempts
    int drain() {
        int tried = 0;
        for (int i = 0; i < 1_000 && open() > 0; i++) {
            int now = sender.runOnce();
            tried += now;
            if (now == 0) {
                clock.move(Duration.ofSeconds(20));
            }
        }
        return tried;
    }

    List<OutboxRow.Outcome> outcomes(RequestId request) {
        return outbox.of(request).stream().map(OutboxRow::outcome).toList();
    }

    int open() {
        return count("outcome IN ('waiting', 'sending', 'unknown')");
    }

    int count(String condition) {
        return database.read(
                handle ->
                        handle.createQuery("SELECT COUNT(*) FROM status_outbox WHERE " + condition)
                                .mapTo(Integer.class)
                                .one());
    }

    int sql(String update) {
        return database.write(handle -> handle.execute(update));
    }

    @Override
    public void close() {
        sender.close();
        database.close();
        forges.values().forEach(ScriptedForge::close);
    }
}
