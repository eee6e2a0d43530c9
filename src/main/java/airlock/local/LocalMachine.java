package airlock.local;

import airlock.base.Trees;
import airlock.config.AirlockConfig;
import airlock.config.ConfinementConfig;
import airlock.config.ImageConfig;
import airlock.config.LocalConfig;
import airlock.config.ReadyConfig;
import airlock.image.ImageException;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.image.StoreListing.Stored;
import airlock.machine.Hypervisor;
import airlock.machine.Images;
import airlock.machine.StateDirectory;
import airlock.machine.StateDirectory.StateOwner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Images and QEMU for runs without a server, with a state directory whose images stay for the next
/// run. Images are opened and QEMU is tried when a run first needs them.
public final class LocalMachine implements AutoCloseable {
    private final StateDirectory state;
    private final ImageStore store;
    private final Images images;
    private final Map<String, ImageConfig> configured;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private @Nullable Hypervisor hypervisor;

    /// @param directory the state directory
    /// @param config has the images
    /// @param progress gets a line per slow step
    public LocalMachine(
            Path directory, LocalConfig config, InstantSource clock, Consumer<String> progress) {
        this(directory, imagesOf(config, directory), config.images(), clock, progress);
    }

    /// @param stateOfImages the state directory that has the images
    /// @param configured the images of the configuration, by name
    LocalMachine(
            Path directory,
            Path stateOfImages,
            Map<String, ImageConfig> configured,
            InstantSource clock,
            Consumer<String> progress) {
        this.state = StateDirectory.lock(directory);
        this.store = Images.store(stateOfImages, clock);
        this.images = new Images(store, "airlock run", progress);
        this.configured = configured;
        this.clock = clock;
        this.progress = progress;
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
        try (var work = work()) {
            return new LocalRun(work.path(), this::ready, settings, clock).run(order, listener);
        }
    }

    private LocalRun.Ready ready(String name) throws InterruptedException {
        var image = named(name);
        return image.isPresent()
                ? of(image.get())
                : new LocalRun.NoImage(
                        "%s; the configuration has %s; recipes of Airlock's are %s"
                                .formatted(
                                        whyNot(name),
                                        String.join(", ", configured.keySet()),
                                        String.join(", ", Recipe.BUILT_IN)));
    }

    Path state() {
        return state.path();
    }

    /// Finds an image by name: in the configuration, in the store, then among built-in recipes.
    Optional<ImageConfig> named(String name) {
        return Optional.ofNullable(configured.get(name))
                .or(() -> kept(name))
                .or(
                        () ->
                                Optional.of(name)
                                        .filter(Recipe::isBuiltIn)
                                        .map(own -> new ImageConfig.BuiltIn(own, own)));
    }

    /// Explains that no image is called `name`, with the names that exist.
    String whyNot(String name) {
        try {
            return store.listing().named(name).name();
        } catch (ImageException e) {
            return String.valueOf(e.getMessage());
        }
    }

    Optional<ImageConfig> kept(String name) {
        return store.listing().find(name).map(_ -> new ImageConfig.Kept(name, name));
    }

    /// Finds the image that was imported from a file of this name.
    Optional<ImageConfig> importedFrom(Path disk) {
        String origin = "the file " + disk.getFileName() + ",";
        return store.listing().all().stream()
                .filter(
                        stored ->
                                stored instanceof Stored.Whole whole
                                        && whole.facts().origin().text().startsWith(origin))
                .map(stored -> (ImageConfig) new ImageConfig.Kept(stored.name(), stored.name()))
                .findFirst();
    }

    /// Opens the image, building it if it is missing, which takes minutes, and starts QEMU's host.
    LocalRun.Machine of(ImageConfig image) throws InterruptedException {
        images.open(image);
        if (hypervisor == null) {
            hypervisor =
                    new Hypervisor(
                            AirlockConfig.Accelerator.AUTO,
                            ConfinementConfig.STANDARD,
                            ReadyConfig.none(),
                            0,
                            state.path(),
                            images.boot(image.name()),
                            clock);
            progress.accept(hypervisor.accelerator().describe());
        }
        return new LocalRun.Machine(hypervisor.host(), images);
    }

    /// A run's directory, removed when it is closed.
    record WorkDirectory(Path path) implements AutoCloseable {
        @Override
        public void close() {
            try {
                Trees.remove(path);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + path, e);
            }
        }
    }

    /// Makes a run's directory, and removes those that killed runs left.
    WorkDirectory work() {
        try (var left = Files.newDirectoryStream(state.path(), "run-*")) {
            left.forEach(killed -> new WorkDirectory(killed).close());
            return new WorkDirectory(Files.createTempDirectory(state.path(), "run-"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + state.path(), e);
        }
    }

    @Override
    public void close() {
        if (hypervisor != null) {
            hypervisor.close();
        }
        images.close();
        state.close();
    }
}
