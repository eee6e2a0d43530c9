package airlock.app;

import airlock.config.AirlockConfig;
import airlock.config.RepositoryConfig;
import airlock.control.Reply;
import airlock.queue.Sweeps;
import airlock.sweep.Sweeper;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Sweeps when a person asks, and says what hinders sweeps.
final class SweepCommands {
    private final AirlockConfig config;
    private final Configured configured;
    private final Sweeper sweeper;
    private final Sweeps sweeps;

    SweepCommands(Core core, Sweeper sweeper) {
        this.config = core.config();
        this.configured = core.configured();
        this.sweeper = sweeper;
        this.sweeps = new Sweeps(core.database(), core.clock());
    }

    Reply sweep(String name, Consumer<Reply> replies) throws InterruptedException {
        List<RepositoryConfig> wanted =
                name.isEmpty()
                        ? config.repositories()
                        : configured.named(name).map(List::of).orElse(List.of());
        if (wanted.isEmpty() && !name.isEmpty()) {
            return new Reply.Problem("the configuration has no repository '" + name + "'");
        }
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
                Configured.hook(repository),
                0,
                false,
                "the forge's id of it is not known yet; set `id:` in the configuration or let the first webhook arrive");
    }
}
