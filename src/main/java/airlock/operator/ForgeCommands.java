package airlock.operator;

import airlock.config.RepositoryConfig;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.queue.Sweeps;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.statuses.Outbox;
import airlock.statuses.StatusPauses.StatusPause;
import airlock.sweep.Sweeper;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Sweeps and retries commit statuses now, and reports what hinders either.
final class ForgeCommands {
    private final Configured configured;
    private final Sweeper sweeper;
    private final Sweeps sweeps;
    private final Outbox outbox;

    ForgeCommands(Core core, Sweeper sweeper) {
        this.configured = core.configured();
        this.sweeper = sweeper;
        this.sweeps = new Sweeps(core.database(), core.clock());
        this.outbox = core.queue().outbox();
    }

    Reply sweep(String name, Consumer<Reply> replies) throws InterruptedException {
        var wanted = name.isEmpty() ? configured.repositories() : List.of(configured.named(name));
        for (var repository : wanted) {
            var target = configured.sweepTarget(repository);
            if (target.isEmpty()) {
                replies.accept(state(repository, Configured.withoutId(repository.name())));
                continue;
            }
            var report = sweeper.sweep(target.get());
            replies.accept(
                    new Reply.Swept(
                            Configured.hook(repository),
                            report.requests(),
                            report.first(),
                            report.problem()));
        }
        return new Reply.Done("");
    }

    Reply sweepStates(Consumer<Reply> replies) {
        var all = sweeps.all();
        for (var repository : configured.repositories()) {
            var id = configured.idOf(repository);
            var problem = id.map(all::get).map(Sweeps.State::problem).orElse("");
            replies.accept(
                    state(
                            repository,
                            id.isPresent() ? problem : Configured.withoutId(repository.name())));
        }
        return new Reply.Done("");
    }

    private static Reply state(RepositoryConfig repository, String problem) {
        return new Reply.Swept(Configured.hook(repository), 0, false, problem);
    }

    Reply statusPauses(Consumer<Reply> replies) {
        outbox.pauses().all().stream().map(this::line).forEach(replies);
        var count = outbox.undelivered();
        return new Reply.Done(
                "%d waiting, %d paused, %d given up within a day"
                        .formatted(count.waiting(), count.paused(), count.givenUp()));
    }

    private Reply line(StatusPause pause) {
        return new Reply.StatusPause(
                pause.repository().map(configured::hookOf).orElse("forge " + pause.forge()),
                pause.reason(),
                pause.cure(),
                pause.since(),
                pause.until());
    }

    Reply retryStatuses(String name) {
        Optional<RepositoryId> repository =
                name.isEmpty() ? Optional.empty() : Optional.of(configured.idNamed(name));
        var tried = outbox.pauses().retry(repository);
        return new Reply.Done(
                "trying again: %d paused, %d that waited for their time, %d that had been given up; `airlock statuses` shows what comes of it"
                        .formatted(tried.pauses(), tried.waiting(), tried.givenUp()));
    }
}
