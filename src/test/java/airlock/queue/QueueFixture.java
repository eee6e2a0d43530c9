package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.queue.Intake.IntakePolicy;
import airlock.store.Database;
import airlock.store.Listener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// A queue in a real database, with a manual clock and short forms of deliveries.
final class QueueFixture {
    static final RepositoryId WIDGET = new RepositoryId("forge", "1");
    static final IntakePolicy USUAL = new IntakePolicy(false, false);

    final List<StateChange> announced = new ArrayList<>();
    final Database database;
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final InstantSource clock = () -> now;
    private final Listener<StateChange> listener = (_, change) -> announced.add(change);
    private int deliveries;

    final Intake intake;
    final Planning planning;
    final OperatorRequests asks;

    QueueFixture(Database database) {
        this.database = database;
        this.intake = new Intake(database, clock, listener);
        this.planning = new Planning(database, clock, listener, new OutsideRateLimit(3));
        this.asks = new OperatorRequests(database, clock, listener);
    }

    Claims server(String owner) {
        return new Claims(database, clock, listener, owner);
    }

    Findings findings() {
        return new Findings(database, clock, listener);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    static CommitId commit(char digit) {
        return new CommitId(String.valueOf(digit).repeat(40));
    }

    static Subject.Branch branch(String name) {
        return new Subject.Branch("refs/heads/" + name);
    }

    static ForgeEvent.Pushed push(String branch, CommitId before, CommitId after) {
        return new ForgeEvent.Pushed(
                WIDGET, branch(branch), before, after, new CommitSummary("a title", "ann"), false);
    }

    static ForgeEvent.ChangeOffered change(long number, String target, CommitId head) {
        return new ForgeEvent.ChangeOffered(
                WIDGET,
                new Subject.Change(number, target),
                CommitId.NONE,
                head,
                "topic",
                CommitSummary.NONE,
                false,
                false);
    }

    /// Delivers `event` with a new id and body.
    DeliveryOutcome deliver(ForgeEvent event) {
        deliveries++;
        return deliver(event, "id-" + deliveries, "body " + deliveries);
    }

    DeliveryOutcome deliver(ForgeEvent event, String id, String body) {
        return intake.keep(delivery(id, body), event, USUAL);
    }

    Delivery delivery(String id, String body) {
        return delivery("forge/ann/widget", id, body);
    }

    private Delivery delivery(String hook, String id, String body) {
        return new Delivery(
                hook,
                id,
                "push",
                now,
                body.getBytes(StandardCharsets.UTF_8),
                Integer.toHexString(body.hashCode()));
    }

    RequestId requested(ForgeEvent event) {
        return requested(event, deliver(event));
    }

    /// The request of an event that arrives at the given hook.
    RequestId requested(ForgeEvent event, String hook) {
        deliveries++;
        var delivery = delivery(hook, "id-" + deliveries, "body " + deliveries);
        return requested(event, intake.keep(delivery, event, USUAL));
    }

    private static RequestId requested(ForgeEvent event, DeliveryOutcome kept) {
        return switch (kept) {
            case DeliveryOutcome.Requested made -> made.request();
            case DeliveryOutcome.Known _,
                    DeliveryOutcome.NothingToDo _,
                    DeliveryOutcome.Refused _ ->
                    throw new AssertionError("expected a request of " + event);
        };
    }

    /// The states announced for `context`, in order: `queued`, `running`, or a verdict.
    List<String> states(String context) {
        return announced.stream()
                .filter(change -> change.context().equals(context))
                .map(
                        change ->
                                switch (change.state()) {
                                    case StateChange.State.Queued _ -> "queued";
                                    case StateChange.State.Running _ -> "running";
                                    case StateChange.State.Ended ended -> ended.verdict().key();
                                })
                .toList();
    }

    String stateOf(RequestId request) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        "SELECT state || COALESCE(' ' || verdict, '') FROM request"
                                                + " WHERE id = :id")
                                .bind("id", request.text())
                                .mapTo(String.class)
                                .one());
    }
}
