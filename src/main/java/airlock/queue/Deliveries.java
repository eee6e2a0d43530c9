package airlock.queue;

import airlock.event.Delivery;
import airlock.event.DeliveryOutcome;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The rows of deliveries, and the pinned repositories of hooks (T8).
final class Deliveries {
    private Deliveries() {}

    /// The outcome of a delivery with this id, if the hook has had one before.
    static Optional<DeliveryOutcome> find(Handle handle, Delivery delivery) {
        return handle.createQuery(
                        """
                        SELECT body_hash, outcome, reason, request FROM delivery
                        WHERE hook = :hook AND delivery_id = :id
                        """)
                .bind("hook", delivery.hook())
                .bind("id", delivery.deliveryId())
                .map(
                        (rows, _) -> {
                            if (!rows.getString("body_hash").equals(delivery.bodyHash())) {
                                return (DeliveryOutcome)
                                        new DeliveryOutcome.Refused(
                                                "delivery %s came before with other bytes"
                                                        .formatted(delivery.deliveryId()));
                            }
                            return switch (rows.getString("outcome")) {
                                case "nothing" ->
                                        new DeliveryOutcome.NothingToDo(rows.getString("reason"));
                                default ->
                                        new DeliveryOutcome.Known(
                                                new RequestId(rows.getString("request")));
                            };
                        })
                .findOne();
    }

    /// Pins the hook to `repository` at its first verified delivery; refuses later ones of another
    /// repository.
    static Optional<DeliveryOutcome> pin(
            Handle handle, Pins pins, Delivery delivery, RepositoryId repository) {
        String pinned =
                handle.createQuery("SELECT repository FROM hook_pin WHERE hook = :hook")
                        .bind("hook", delivery.hook())
                        .mapTo(String.class)
                        .findOne()
                        .orElseGet(() -> addPin(handle, pins, delivery, repository));
        return pinned.equals(repository.toString())
                ? Optional.empty()
                : Optional.of(
                        new DeliveryOutcome.Refused(
                                "this hook belongs to repository %s, the body names %s"
                                        .formatted(pinned, repository)));
    }

    private static String addPin(
            Handle handle, Pins pins, Delivery delivery, RepositoryId repository) {
        handle.execute(
                "INSERT INTO hook_pin (hook, repository, pinned_at) VALUES (?, ?, ?)",
                delivery.hook(),
                repository.toString(),
                delivery.received().toEpochMilli());
        pins.add(delivery.hook(), repository);
        return repository.toString();
    }

    static void add(Handle handle, Delivery delivery, DeliveryOutcome kept) {
        switch (kept) {
            case DeliveryOutcome.Requested(var id) -> add(handle, delivery, "requested", "", id);
            case DeliveryOutcome.Known(var id) -> add(handle, delivery, "known", "", id);
            case DeliveryOutcome.NothingToDo(String reason) ->
                    add(handle, delivery, "nothing", reason, null);
            case DeliveryOutcome.Refused(String reason) ->
                    throw new IllegalArgumentException("refused is not kept: " + reason);
        }
    }

    private static void add(
            Handle handle,
            Delivery delivery,
            String outcome,
            String reason,
            @Nullable RequestId request) {
        handle.createUpdate(
                        """
                        INSERT INTO delivery (hook, delivery_id, event_name, received_at, body,
                            body_hash, outcome, reason, request)
                        VALUES (:hook, :id, :event, :received, :body, :hash, :outcome, :reason, :request)
                        """)
                .bind("hook", delivery.hook())
                .bind("id", delivery.deliveryId())
                .bind("event", delivery.eventName())
                .bind("received", delivery.received().toEpochMilli())
                .bind("body", delivery.body())
                .bind("hash", delivery.bodyHash())
                .bind("outcome", outcome)
                .bind("reason", reason)
                .bind("request", request == null ? null : request.text())
                .execute();
    }
}
