package airlock.webhook;

import airlock.event.Delivery;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.forge.EventReading;
import airlock.queue.Intake;
import airlock.store.Bell;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores deliveries in the queue and wakes its workers.
final class QueueKeeper implements WebhookIntake.Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(QueueKeeper.class);

    private final Intake intake;
    private final Bell bell;
    private final DefaultBranch defaultBranch = new DefaultBranch();

    QueueKeeper(Intake intake, Bell bell) {
        this.intake = intake;
        this.bell = bell;
    }

    @Override
    public DeliveryOutcome keep(HookTarget hook, Delivery delivery, EventReading.Sound reading) {
        return switch (reading) {
            case EventReading.Understood(ForgeEvent event, String branch) -> {
                var kept = intake.keep(delivery, event, hook.policy());
                bell.ring();
                defaultBranch.line(hook, branch).ifPresent(LOG::warn);
                yield kept;
            }
            case EventReading.NothingToDo(RepositoryId repository, String reason) ->
                    intake.keepNothing(delivery, Optional.of(repository), reason);
            case EventReading.NoRepository(String reason) ->
                    intake.keepNothing(delivery, Optional.empty(), reason);
        };
    }
}
