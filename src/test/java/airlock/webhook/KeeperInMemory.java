package airlock.webhook;

import airlock.event.Delivery;
import airlock.event.DeliveryOutcome;
import airlock.event.RequestId;
import airlock.forge.Forge.EventReading;
import airlock.webhook.HookTable.HookTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Stores in memory, with one rule: a delivery id that comes with another body is refused.
final class KeeperInMemory implements WebhookIntake.Keeper {
    final List<EventReading.Sound> readings = new ArrayList<>();
    private final Map<String, String> hashes = new HashMap<>();
    private final Map<String, RequestId> requests = new HashMap<>();

    @Override
    public synchronized DeliveryOutcome keep(
            HookTarget hook, Delivery delivery, EventReading.Sound reading) {
        String before =
                hashes.putIfAbsent(
                        delivery.hook() + " " + delivery.deliveryId(), delivery.bodyHash());
        if (before != null && !before.equals(delivery.bodyHash())) {
            return new DeliveryOutcome.Refused("the delivery id came before with another body");
        }
        readings.add(reading);
        return switch (reading) {
            case EventReading.Understood _ -> requested(delivery);
            case EventReading.NothingToDo nothing ->
                    new DeliveryOutcome.NothingToDo(nothing.reason());
            case EventReading.NoRepository none -> new DeliveryOutcome.NothingToDo(none.reason());
        };
    }

    private DeliveryOutcome requested(Delivery delivery) {
        RequestId known = requests.get(delivery.bodyHash());
        if (known != null) {
            return new DeliveryOutcome.Known(known);
        }
        RequestId made = RequestId.random();
        requests.put(delivery.bodyHash(), made);
        return new DeliveryOutcome.Requested(made);
    }
}
