package airlock.app;

import airlock.config.AirlockConfig;
import airlock.config.ConfinementConfig;
import airlock.config.Limits;
import airlock.config.ReadyConfig;
import airlock.image.Image;
import airlock.image.ImageStore;
import airlock.image.ImageUse;
import airlock.image.Recipe;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What `airlock run` needs of this machine: a state directory of its own, whose image is kept
/// from one run to the next. Nothing slow is done before a plan needs a VM.
public final class LocalMachine implements AutoCloseable {
    private static final String RECIPE = "debian-13";
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
        try (var work = WorkDirectory.in(state.path())) {
            return new LocalRun(work.path(), this::ready, Limits.standard(), clock)
                    .run(source, wish, listener);
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
