package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.ForgeEvent;
import airlock.event.Kept;
import airlock.event.RepositoryId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.store.Database;
import airlock.store.Listener;
import java.time.InstantSource;
import java.util.Optional;

/// The door of the queue: keeps a verified delivery together with what it causes, in one
/// transaction, so that an answer given afterwards is never forgotten.
///
/// **One event, one request** (T5): the key is repository, subject, target, before and after. A
/// key that came before is new again only where the ref has really come back to `before` and the
/// bytes are others, so A→B→A→B is four events and a replay is none.
public final class Intake {
    private final Database database;
    private final Events events;

    private final Pins pins;

    public Intake(Database database, InstantSource clock, Listener<StateChange> listener) {
        this(database, clock, listener, new Pins(database));
    }

    /// @param pins learns which repository a hook's first delivery pins it to
    public Intake(
            Database database, InstantSource clock, Listener<StateChange> listener, Pins pins) {
        this.pins = pins;
        this.database = database;
        this.events = new Events(clock, listener);
    }

    /// Keeps a delivery that means `event`.
    public Kept keep(Delivery delivery, ForgeEvent event, IntakePolicy policy) {
        return database.write(
                handle -> {
                    var earlier = Deliveries.find(handle, delivery);
                    if (earlier.isPresent()) {
                        return earlier.get();
                    }
                    var contradiction = Deliveries.pin(handle, pins, delivery, event.repository());
                    if (contradiction.isPresent()) {
                        return contradiction.get();
                    }
                    var kept =
                            events.take(
                                    handle, event, policy, new Events.Told(delivery.bodyHash()));
                    Deliveries.add(handle, delivery, kept);
                    return kept;
                });
    }

    /// Stores a delivery that needs no test.
    ///
    /// @param repository the one it names; empty if it names none
    public Kept keepNothing(
            Delivery delivery, Optional<RepositoryId> repository, String reason) {
        return database.write(
                handle -> {
                    var earlier =
                            Deliveries.find(handle, delivery)
                                    .or(
                                            () ->
                                                    repository.flatMap(
                                                            id ->
                                                                    Deliveries.pin(
                                                                            handle, pins, delivery,
                                                                            id)));
                    if (earlier.isPresent()) {
                        return earlier.get();
                    }
                    var kept = new Kept.NothingToDo(reason);
                    Deliveries.add(handle, delivery, kept);
                    return kept;
                });
    }

    /// A ref or change request that went from one commit to another.
    record Move(
            RepositoryId repository,
            Subject subject,
            CommitId before,
            CommitId after,
            CommitSummary summary) {
        Move from(CommitId other) {
            return new Move(repository, subject, other, after, summary);
        }
    }
}
