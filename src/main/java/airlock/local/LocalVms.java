package airlock.local;

import airlock.config.AirlockConfig;
import airlock.config.ConfinementConfig;
import airlock.config.ImageConfig;
import airlock.config.ReadyConfig;
import airlock.image.Image;
import airlock.image.ImageException;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.image.Stored;
import airlock.machine.Hypervisor;
import airlock.machine.Images;
import airlock.phases.PhaseParts;
import airlock.vm.BootFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Images and QEMU for runs without a server. Images are opened and QEMU is tried when a run first
/// needs them.
final class LocalVms implements PhaseParts.Images, AutoCloseable {
    private static final String WHO = "airlock run";

    private final Path state;
    private final ImageStore store;
    private final Map<String, ImageConfig> configured;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private final Map<String, Images.Used> open = new HashMap<>();
    private @Nullable Hypervisor hypervisor;

    /// @param state the state directory, which this process has locked
    /// @param stateOfImages the state directory that has the images
    /// @param configured the images of the configuration, by name
    /// @param progress gets a line per slow step
    LocalVms(
            Path state,
            Path stateOfImages,
            Map<String, ImageConfig> configured,
            InstantSource clock,
            Consumer<String> progress) {
        this.state = state;
        this.store = Images.store(stateOfImages, clock);
        this.configured = configured;
        this.clock = clock;
        this.progress = progress;
    }

    /// Finds an image by name: in the configuration, in the store, then among built-in recipes.
    Optional<ImageConfig> named(String name) {
        return Optional.ofNullable(configured.get(name))
                .or(() -> kept(name))
                .or(
                        () ->
                                Recipe.isBuiltIn(name)
                                        ? Optional.of(new ImageConfig.BuiltIn(name, name))
                                        : Optional.empty());
    }

    /// Explains that no image is called `name`, with the names that exist.
    String whyNot(String name) {
        try {
            return store.shelf().named(name).name();
        } catch (ImageException e) {
            return String.valueOf(e.getMessage());
        }
    }

    Optional<ImageConfig> kept(String name) {
        return store.shelf().find(name).map(_ -> new ImageConfig.Kept(name, name));
    }

    /// Finds the image that was imported from a file of this name.
    Optional<ImageConfig> importedFrom(Path disk) {
        String origin = "the file " + disk.getFileName() + ",";
        return store.shelf().all().stream()
                .filter(
                        stored ->
                                stored instanceof Stored.Whole whole
                                        && whole.facts().origin().text().startsWith(origin))
                .map(stored -> (ImageConfig) new ImageConfig.Kept(stored.name(), stored.name()))
                .findFirst();
    }

    /// Opens the image, building it if it is missing, which takes minutes, and starts QEMU's host.
    LocalRun.Machine of(ImageConfig image) throws InterruptedException {
        if (!open.containsKey(image.name())) {
            open.put(
                    image.name(),
                    Images.used(store, WHO, () -> Images.image(store, image, progress)));
        }
        if (hypervisor == null) {
            hypervisor =
                    new Hypervisor(
                            AirlockConfig.Accelerator.AUTO,
                            ConfinementConfig.STANDARD,
                            ReadyConfig.none(),
                            0,
                            state,
                            boot(image.name()),
                            clock);
            progress.accept(hypervisor.accelerator().describe());
        }
        return new LocalRun.Machine(hypervisor.host(), this);
    }

    @Override
    public BootFiles boot(String name) {
        return opened(name).boot();
    }

    @Override
    public Map<String, String> environment(String name) {
        return opened(name).facts().software().container().environment();
    }

    @Override
    public Set<String> packages(String name) {
        return opened(name).facts().software().installed().keySet();
    }

    private Image opened(String name) {
        var used = open.get(name);
        if (used == null) {
            throw new IllegalStateException("image '" + name + "' is not open");
        }
        return used.image();
    }

    @Override
    public void close() {
        if (hypervisor != null) {
            hypervisor.close();
        }
        open.values().forEach(used -> used.use().close());
    }
}
