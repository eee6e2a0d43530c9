package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.store.Database;
import airlock.store.Listener;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Stores verified deliveries together with what they cause, in one transaction, so that an answer
/// given afterwards is never lost.
///
/// **One event, one request** (T5): the key is repository, subject, target, before and after. A
/// known key is new again only if the ref has returned to `before` and the body differs, so A→B→A→B
/// is four events and a replay adds none.
public final class Intake {
    private final Database database;
    private final Events events;
    private final Pins pins;

    public Intake(Database database, InstantSource clock, Listener<StateChange> listener) {
        this(database, clock, listener, new Pins(database));
    }

    /// @param pins gets the repository of each hook's first delivery
    public Intake(
            Database database, InstantSource clock, Listener<StateChange> listener, Pins pins) {
        this.pins = pins;
        this.database = database;
        this.events = new Events(clock, listener);
    }

    public DeliveryOutcome keep(Delivery delivery, ForgeEvent event, IntakePolicy policy) {
        return database.write(
                handle -> {
                    var earlier = earlier(handle, delivery, Optional.of(event.repository()));
                    if (earlier.isPresent()) {
                        return earlier.get();
                    }
                    var kept =
                            events.take(
                                    handle, event, policy, new Events.Told(delivery.bodyHash()));
                    Deliveries.add(handle, delivery, kept);
                    return kept;
                });
    }

    /// The outcome if the delivery is known or its repository is not the hook's.
    private Optional<DeliveryOutcome> earlier(
            Handle handle, Delivery delivery, Optional<RepositoryId> repository) {
        return Deliveries.find(handle, delivery)
                .or(() -> repository.flatMap(id -> Deliveries.pin(handle, pins, delivery, id)));
    }

    /// Stores a delivery that needs no test.
    ///
    /// @param repository the one it names; empty if it names none
    public DeliveryOutcome keepNothing(
            Delivery delivery, Optional<RepositoryId> repository, String reason) {
        return database.write(
                handle -> {
                    var earlier = earlier(handle, delivery, repository);
                    if (earlier.isPresent()) {
                        return earlier.get();
                    }
                    var kept = new DeliveryOutcome.NothingToDo(reason);
                    Deliveries.add(handle, delivery, kept);
                    return kept;
                });
    }

    /// A ref or change request moved from one commit to another.
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

    /// A repository's configuration for events.
    ///
    /// @param testsDrafts whether draft change requests are tested
    /// @param cancelsRunning whether a newer push also ends running runs of the same ref; those of
    ///     change requests from outside always end
    public record IntakePolicy(boolean testsDrafts, boolean cancelsRunning) {}
}
