package airlock.webhook;

import airlock.event.Delivery;
import airlock.event.Kept;
import airlock.event.RequestId;
import airlock.forge.EventReading;
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
    public synchronized Kept keep(HookTarget hook, Delivery delivery, EventReading.Sound reading) {
        String before =
                hashes.putIfAbsent(
                        delivery.hook() + " " + delivery.deliveryId(), delivery.bodyHash());
        if (before != null && !before.equals(delivery.bodyHash())) {
            return new Kept.Refused("the delivery id came before with another body");
        }
        readings.add(reading);
        return switch (reading) {
            case EventReading.Understood _ -> requested(delivery);
            case EventReading.NothingToDo nothing -> new Kept.NothingToDo(nothing.reason());
            case EventReading.NoRepository none -> new Kept.NothingToDo(none.reason());
        };
    }

    private Kept requested(Delivery delivery) {
        RequestId known = requests.get(delivery.bodyHash());
        if (known != null) {
            return new Kept.Known(known);
        }
        RequestId made = RequestId.random();
        requests.put(delivery.bodyHash(), made);
        return new Kept.Requested(made);
    }
}
