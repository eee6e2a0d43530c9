package airlock.local;

import airlock.config.LocalConfig;
import airlock.image.Recipe;
import airlock.machine.StateDirectory;
import airlock.machine.StateOwner;
import airlock.machine.WorkDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;

/// Runs checkouts on this machine, with a state directory whose images stay for the next run.
public final class LocalMachine implements AutoCloseable {
    private final StateDirectory state;
    private final LocalConfig config;
    private final LocalVms vms;
    private final InstantSource clock;

    /// @param directory the state directory
    /// @param config has the images
    /// @param progress gets a line per slow step
    public LocalMachine(
            Path directory, LocalConfig config, InstantSource clock, Consumer<String> progress) {
        this.state = StateDirectory.lock(directory);
        this.config = config;
        this.clock = clock;
        this.vms =
                new LocalVms(
                        directory, imagesOf(config, directory), config.images(), clock, progress);
    }

    /// The configuration's state directory has imported images; if this user cannot write there,
    /// images are built in the run's own.
    private static Path imagesOf(LocalConfig config, Path directory) {
        return config.state()
                .filter(state -> StateOwner.stranger(state).isEmpty())
                .filter(state -> Files.isWritable(state.resolve("images")))
                .orElse(directory);
    }

    /// Runs plans; see [LocalRun#run].
    public LocalRun.Outcome run(
            LocalRun.Order order, LocalSettings settings, LocalRun.Listener listener)
            throws InterruptedException {
        try (var work = WorkDirectory.in(state.path())) {
            return new LocalRun(work.path(), this::ready, settings, clock).run(order, listener);
        }
    }

    private LocalRun.Ready ready(String name) throws InterruptedException {
        var image = vms.named(name);
        return image.isPresent()
                ? vms.of(image.get())
                : new LocalRun.NoImage(
                        "%s; the configuration has %s; recipes of Airlock's are %s"
                                .formatted(
                                        vms.whyNot(name),
                                        String.join(", ", config.images().keySet()),
                                        String.join(", ", Recipe.BUILT_IN)));
    }

    @Override
    public void close() {
        vms.close();
        state.close();
    }
}
