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

/// Runs checkouts on this machine, in a state directory of its own, whose images are kept from one
/// run to the next.
public final class LocalMachine implements AutoCloseable {
    private final StateDirectory state;
    private final LocalConfig config;
    private final LocalImages images;
    private final LocalVms vms;
    private final InstantSource clock;

    /// @param directory the state directory
    /// @param config what says which images there are
    /// @param progress hears of long preparations, a line each
    public LocalMachine(
            Path directory, LocalConfig config, InstantSource clock, Consumer<String> progress) {
        this.state = StateDirectory.lock(directory);
        this.config = config;
        this.clock = clock;
        this.images =
                new LocalImages(imagesOf(config, directory), config.images(), clock, progress);
        this.vms = new LocalVms(directory, images, clock, progress);
    }

    /// The configuration's state directory has those that were imported there; if this user can't
    /// use it, images are built beside the run's own state.
    private static Path imagesOf(LocalConfig config, Path directory) {
        return config.state()
                .filter(state -> StateOwner.stranger(state).isEmpty())
                .filter(state -> Files.isWritable(state.resolve("images")))
                .orElse(directory);
    }

    /// Runs plans; see [LocalRun#run].
    ///
    /// @param settings of the configuration that this has
    public LocalRun.Outcome run(
            LocalRun.Order order, LocalSettings settings, LocalRun.Listener listener)
            throws InterruptedException {
        try (var work = WorkDirectory.in(state.path())) {
            return new LocalRun(work.path(), this::ready, settings, clock).run(order, listener);
        }
    }

    private LocalRun.Ready ready(String name) throws InterruptedException {
        var image = images.named(name);
        return image.isPresent()
                ? vms.of(image.get())
                : new LocalRun.NoImage(
                        "%s; the configuration has %s; recipes of Airlock's are %s"
                                .formatted(
                                        images.whyNot(name),
                                        String.join(", ", config.images().keySet()),
                                        String.join(", ", Recipe.BUILT_IN)));
    }

    @Override
    public void close() {
        vms.close();
        state.close();
    }
}
