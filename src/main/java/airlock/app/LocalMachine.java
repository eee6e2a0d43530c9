package airlock.app;

import airlock.config.AirlockConfig;
import airlock.config.ConfinementConfig;
import airlock.config.Limits;
import airlock.config.ReadyConfig;
import airlock.image.Image;
import airlock.image.ImageStore;
import airlock.image.ImageUse;
import airlock.image.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `airlock run` needs of this machine: a state directory of its own, whose image is kept
/// from one run to the next. Nothing slow is done before a plan needs a VM.
public final class LocalMachine implements AutoCloseable {
    private static final String RECIPE = "debian-13";
    private static final String WORK = "run-";
    private static final String WHO = "airlock run";

    private final StateDirectory state;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private @Nullable Hypervisor hypervisor;
    private @Nullable ImageUse use;

    /// @param directory the state directory
    /// @param progress hears of long preparations, a line each
    public LocalMachine(Path directory, InstantSource clock, Consumer<String> progress) {
        this.state = StateDirectory.lock(directory);
        this.clock = clock;
        this.progress = progress;
    }

    /// Runs plans of `source`; see [LocalRun#run].
    public LocalRun.Outcome run(Path source, LocalPlans.Wish wish, LocalRun.Listener listener)
            throws InterruptedException {
        Path work = work();
        try {
            return new LocalRun(work, this::ready, Limits.standard(), clock)
                    .run(source, wish, listener);
        } finally {
            remove(work);
        }
    }

    private LocalRun.Machine ready() throws InterruptedException {
        var recipe = Recipe.builtIn(RECIPE);
        var guest = GuestProgram.find();
        var store = Images.store(state.path(), clock);
        var used = Images.used(store, WHO, () -> image(store, recipe, guest));
        use = used.use();
        var image = used.image();
        var ready =
                new Hypervisor(
                        AirlockConfig.Accelerator.AUTO,
                        ConfinementConfig.standard(),
                        ReadyConfig.none(),
                        0,
                        state.path(),
                        image.boot(),
                        clock);
        hypervisor = ready;
        progress.accept(ready.accelerator().accelerator() + ": " + ready.accelerator().why());
        return new LocalRun.Machine(ready.host(), _ -> image.boot());
    }

    private Image image(ImageStore store, Recipe recipe, Path guest) throws InterruptedException {
        var found = store.find(recipe, guest);
        return found.isPresent() ? found.get() : store.build(recipe, guest, progress);
    }

    /// A directory for one run; those of runs that were killed go.
    private Path work() {
        try (var left = Files.newDirectoryStream(state.path(), WORK + "*")) {
            left.forEach(LocalMachine::remove);
            return Files.createTempDirectory(state.path(), WORK);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + state.path(), e);
        }
    }

    private static void remove(Path work) {
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + work, e);
        }
    }

    @Override
    public void close() {
        if (hypervisor != null) {
            hypervisor.close();
        }
        if (use != null) {
            use.close();
        }
        state.close();
    }
}
