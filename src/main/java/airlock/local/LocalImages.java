package airlock.local;

import airlock.config.ImageConfig;
import airlock.image.Image;
import airlock.image.ImageException;
import airlock.image.ImageStore;
import airlock.image.Recipe;
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

/// The images of runs without a server, each opened when a run first needs it.
final class LocalImages implements PhaseParts.Images, AutoCloseable {
    private static final String WHO = "airlock run";

    private final ImageStore store;
    private final Map<String, ImageConfig> configured;
    private final Consumer<String> progress;
    private final Map<String, Images.Used> open = new HashMap<>();

    /// @param state the state directory that has the images
    /// @param configured those of the configuration, by name
    /// @param progress hears of long preparations, a line each
    LocalImages(
            Path state,
            Map<String, ImageConfig> configured,
            InstantSource clock,
            Consumer<String> progress) {
        this.store = Images.store(state, clock);
        this.configured = configured;
        this.progress = progress;
    }

    /// The image called `name`: the configuration's, else one that `airlock image list` shows, else
    /// that of one of Airlock's own recipes.
    Optional<ImageConfig> named(String name) {
        return Optional.ofNullable(configured.get(name))
                .or(() -> kept(name))
                .or(
                        () ->
                                Recipe.isBuiltIn(name)
                                        ? Optional.of(new ImageConfig.BuiltIn(name, name))
                                        : Optional.empty());
    }

    /// Why there is no image called `name`, with what there is.
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

    ImageStore store() {
        return store;
    }

    /// Opens it; one of a recipe is built if it is missing, which takes minutes.
    void open(ImageConfig config) throws InterruptedException {
        if (!open.containsKey(config.name())) {
            open.put(config.name(), Images.used(store, WHO, () -> image(config)));
        }
    }

    private Image image(ImageConfig config) throws InterruptedException {
        return Images.image(store, config, progress);
    }

    @Override
    public BootFiles boot(String name) {
        return opened(name).boot();
    }

    @Override
    public Map<String, String> environment(String name) {
        return opened(name).facts().container().environment();
    }

    @Override
    public Set<String> packages(String name) {
        return opened(name).facts().installed().keySet();
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
        open.values().forEach(used -> used.use().close());
    }
}
