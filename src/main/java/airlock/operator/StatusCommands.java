package airlock.operator;

import airlock.config.RepositoryConfig;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.site.Meant;
import airlock.statuses.Outbox;
import airlock.statuses.StatusPause;
import java.util.Optional;
import java.util.function.Consumer;

/// Shows which forges refuse statuses, and tries again when the operator asks.
final class StatusCommands {
    private final Configured configured;
    private final Outbox outbox;

    StatusCommands(Core core) {
        this.configured = core.configured();
        this.outbox = core.outbox();
    }

    Reply pauses(Consumer<Reply> replies) {
        outbox.pauses().all().stream().map(this::line).forEach(replies);
        var count = outbox.undelivered();
        return new Reply.Done(
                "%d waiting, %d paused, %d given up within a day"
                        .formatted(count.waiting(), count.paused(), count.givenUp()));
    }

    private Reply line(StatusPause pause) {
        return new Reply.StatusPause(
                pause.repository()
                        .map(id -> configured.configOf(id).map(Configured::hook).orElse(id + ""))
                        .orElse("forge " + pause.forge()),
                pause.reason(),
                pause.cure(),
                pause.since().toEpochMilli(),
                pause.until().toEpochMilli());
    }

    Reply retry(String name) {
        if (name.isEmpty()) {
            return retry(Optional.empty());
        }
        return switch (Meant.by(name, configured)) {
            case Meant.One(RepositoryConfig repository) ->
                    configured
                            .idOf(repository)
                            .map(id -> retry(Optional.of(id)))
                            .orElseGet(() -> new Reply.Problem(Meant.withoutId(repository.name())));
            case Meant.Nothing(var why) -> new Reply.Problem(why);
        };
    }

    private Reply retry(Optional<RepositoryId> repository) {
        var tried = outbox.pauses().retry(repository);
        return new Reply.Done(
                "trying again: %d paused, %d that waited for their time, %d that had been given up; `airlock statuses` shows what comes of it"
                        .formatted(tried.pauses(), tried.waiting(), tried.givenUp()));
    }
}
