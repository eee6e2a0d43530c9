package airlock.operator;

import airlock.config.AirlockConfig;
import airlock.config.RepositoryConfig;
import airlock.control.Reply;
import airlock.queue.Sweeps;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.site.Meant;
import airlock.sweep.Sweeper;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Sweeps when a person asks, and says what hinders sweeps.
public final class SweepCommands {
    private final AirlockConfig config;
    private final Configured configured;
    private final Sweeper sweeper;
    private final Sweeps sweeps;

    public SweepCommands(Core core, Sweeper sweeper) {
        this.config = core.config();
        this.configured = core.configured();
        this.sweeper = sweeper;
        this.sweeps = new Sweeps(core.database(), core.clock());
    }

    Reply sweep(String name, Consumer<Reply> replies) throws InterruptedException {
        if (name.isEmpty()) {
            return sweep(config.repositories(), replies);
        }
        return switch (Meant.by(name, configured)) {
            case Meant.One(var repository) -> sweep(List.of(repository), replies);
            case Meant.Nothing(var why) -> new Reply.Problem(why);
        };
    }

    private Reply sweep(List<RepositoryConfig> wanted, Consumer<Reply> replies)
            throws InterruptedException {
        for (var repository : wanted) {
            var target = configured.sweepTarget(repository);
            if (target.isEmpty()) {
                replies.accept(notYet(repository));
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

    Reply states(Consumer<Reply> replies) {
        states(config, configured, sweeps).forEach(replies);
        return new Reply.Done("");
    }

    /// What hinders the sweeps of each repository, by what is on disk.
    static List<Reply.Swept> states(AirlockConfig config, Configured configured, Sweeps sweeps) {
        var all = sweeps.all();
        return config.repositories().stream()
                .map(
                        repository ->
                                configured
                                        .idOf(repository)
                                        .map(
                                                id ->
                                                        new Reply.Swept(
                                                                Configured.hook(repository),
                                                                0,
                                                                false,
                                                                Optional.ofNullable(all.get(id))
                                                                        .map(Sweeps.State::problem)
                                                                        .orElse("")))
                                        .orElseGet(() -> notYet(repository)))
                .toList();
    }

    private static Reply.Swept notYet(RepositoryConfig repository) {
        return new Reply.Swept(
                Configured.hook(repository), 0, false, Meant.withoutId(repository.name()));
    }
}
