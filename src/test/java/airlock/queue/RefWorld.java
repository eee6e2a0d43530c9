package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.queue.Findings.KnownTip;
import airlock.queue.Findings.SweepFinding;
import airlock.queue.Intake.IntakePolicy;
import airlock.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One ref at a forge, the real queue, and one worker that can be stopped between any two steps.
final class RefWorld implements AutoCloseable {
    /// A move of the ref from one commit to another, its creation or deletion.
    record Push(CommitId before, CommitId after) {}

    private static final List<String> TABLES =
            List.of("delivery", "occurrence", "tip", "run", "request", "share", "sweep");

    private final Path file;
    private final Subject subject;
    private Database database;
    private QueueFixture queue;
    private Findings findings;
    private Claims worker;
    private int lives;
    private int deliveries;
    private IntakePolicy policy = QueueFixture.USUAL;
    private CommitId forge = CommitId.NONE;
    private Held held = new Idle();
    private boolean opensAgain;

    /// The worker's current claim.
    private sealed interface Held {}

    private record Idle() implements Held {}

    private record Nothing() implements Held {}

    private record Request(ClaimedRequest claim) implements Held {}

    private record RequestLooked(ClaimedRequest claim, CommitId tip) implements Held {}

    private record Run(ClaimedRun claim) implements Held {}

    private record RunLooked(ClaimedRun claim, CommitId tip) implements Held {}

    RefWorld(Path file, Subject subject) {
        this.file = file;
        this.subject = subject;
        this.database = Database.open(file);
        live();
    }

    private void live() {
        queue = new QueueFixture(database);
        findings =
                new Findings(
                        database,
                        () -> java.time.Instant.parse("2026-11-24T12:00:00Z"),
                        (_, _) -> {});
        lives++;
        worker = queue.server("life " + lives);
        held = new Idle();
        worker.recoverAll();
    }

    /// Empties the queue and records the first commit: as tested, as the baseline of the first
    /// sweep, or not at all.
    void begin(CommitId first, boolean tested, IntakePolicy policy) {
        database.write(
                handle -> {
                    TABLES.forEach(table -> handle.execute("DELETE FROM " + table));
                    return true;
                });
        held = new Idle();
        this.policy = policy;
        opensAgain = tested && policy.cancelsRunning();
        forge = first;
        if (first.isNone()) {
            return;
        }
        if (tested) {
            deliver(new Push(CommitId.NONE, first));
            drain();
        } else {
            findings.keepBaseline(QueueFixture.WIDGET, List.of(new KnownTip(subject, first)));
        }
    }

    void push(Push push) {
        forge = push.after();
    }

    void deliver(Push push) {
        deliveries++;
        String name = "delivery " + deliveries;
        queue.intake.keep(queue.delivery(name, name), event(push), policy);
    }

    private ForgeEvent event(Push push) {
        return switch (subject) {
            case Subject.Branch branch when push.after().isNone() ->
                    new ForgeEvent.Deleted(QueueFixture.WIDGET, branch);
            case Subject.Branch branch ->
                    new ForgeEvent.Pushed(
                            QueueFixture.WIDGET,
                            branch,
                            push.before(),
                            push.after(),
                            CommitSummary.NONE,
                            false);
            case Subject.Change change when push.after().isNone() ->
                    new ForgeEvent.ChangeClosed(QueueFixture.WIDGET, change);
            case Subject.Change change ->
                    QueueFixture.change(change.number(), change.target(), push.after());
            case Subject.MergeGroup _, Subject.Tag _ ->
                    throw new IllegalArgumentException("not made here: " + subject);
        };
    }

    void sweep() {
        var known = recorded();
        if (!known.map(KnownTip::commit).orElse(CommitId.NONE).equals(forge)) {
            var event = event(new Push(CommitId.NONE, forge));
            findings.keep(List.of(new SweepFinding(known, event)), policy);
        }
    }

    private Optional<KnownTip> recorded() {
        var all =
                switch (subject) {
                    case Subject.Branch _, Subject.MergeGroup _, Subject.Tag _ ->
                            findings.refs(QueueFixture.WIDGET);
                    case Subject.Change _ -> findings.changes(QueueFixture.WIDGET);
                };
        return Optional.ofNullable(all.get(subject.key()));
    }

    /// Whether the queue knows the ref's tip.
    boolean knowsTheTip() {
        return recorded().map(KnownTip::commit).orElse(CommitId.NONE).equals(forge);
    }

    /// Restarts the server after a crash; reopens the database only in some variants, to save time.
    void crash() {
        if (opensAgain) {
            database.close();
            database = Database.open(file);
        }
        live();
    }

    /// Lets the worker do one step; returns false if there is nothing to do.
    boolean step() {
        held =
                switch (held) {
                    case Idle _, Nothing _ -> claim();
                    case Request(var claim) -> new RequestLooked(claim, forge);
                    case RequestLooked(var claim, var tip) -> answer(claim, tip);
                    case Run(var claim) -> new RunLooked(claim, forge);
                    case RunLooked(var claim, var tip) -> end(claim, tip);
                };
        return !(held instanceof Nothing);
    }

    private Held claim() {
        var request = worker.claimRequest();
        if (request.isPresent()) {
            return new Request(request.get());
        }
        return worker.claimRun().<Held>map(Run::new).orElseGet(Nothing::new);
    }

    private Held answer(ClaimedRequest claim, CommitId tip) {
        if (tip.isNone()) {
            queue.planning.gone(claim, "there is no such ref");
        } else if (tip.equals(claim.commit())) {
            queue.planning.planned(
                    claim, TrustClass.INSIDE, claim.commit(), List.of(QueueContract.MAIN));
        } else {
            queue.planning.moved(claim, tip);
        }
        return new Idle();
    }

    private Held end(ClaimedRun claim, CommitId tip) {
        switch (worker.beat(claim)) {
            case Claims.Beat.Lost _ -> {}
            case Claims.Beat.End(String reason) -> worker.end(claim, Verdict.SUPERSEDED, reason);
            case Claims.Beat.GoOn _ when tip.equals(claim.commit()) ->
                    worker.end(claim, Verdict.PASSED, "");
            case Claims.Beat.GoOn _ -> {
                if (!tip.isNone()) {
                    queue.planning.sawTip(claim, tip);
                }
                worker.end(claim, Verdict.SUPERSEDED, "superseded: the ref has moved on");
            }
        }
        return new Idle();
    }

    void drain() {
        for (int steps = 0; step(); steps++) {
            if (steps > 1000) {
                throw new AssertionError("the queue does not come to rest");
            }
        }
        queue.pass(Duration.ofMinutes(1));
    }

    /// The state of the newest request for the tip unless it has passed.
    Optional<String> complaint() {
        if (forge.isNone()) {
            return Optional.empty();
        }
        return Optional.of(newest())
                .filter(state -> !state.equals("ended passed: 1 of 1 run passed"));
    }

    /// Whether the ref's tip never had a request.
    boolean isUnasked() {
        return newest().isEmpty();
    }

    private String newest() {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT state || COALESCE(' ' || verdict, '') || ': ' || reason
                                        FROM request WHERE commit_id = :commit
                                        ORDER BY seq DESC LIMIT 1
                                        """)
                                .bind("commit", forge.hex())
                                .mapTo(String.class)
                                .findOne()
                                .orElse(""));
    }

    @Override
    public void close() {
        database.close();
    }
}
