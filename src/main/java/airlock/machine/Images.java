package airlock.machine;

import airlock.config.AirlockConfig;
import airlock.config.ImageConfig;
import airlock.image.Facts;
import airlock.image.Image;
import airlock.image.ImageException;
import airlock.image.ImageStore;
import airlock.image.ImageStore.ImageUse;
import airlock.image.Recipe;
import airlock.machine.StateDirectory.StateOwner;
import airlock.phases.PhaseParts;
import airlock.vm.BootFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Open images by the configuration's names; none can be removed before this is closed.
public final class Images implements PhaseParts.Images, AutoCloseable {
    /// Another process may remove an image between finding and marking it, so try again.
    private static final int TRIALS = 5;

    private final ImageStore store;
    private final String who;
    private final Consumer<String> progress;
    private final Map<String, Used> images = new ConcurrentHashMap<>();
    private final Map<String, Facts> facts = new ConcurrentHashMap<>();
    private final Map<String, BootFiles> boots = new ConcurrentHashMap<>();

    /// An image that stays while it is used.
    public record Used(Image image, ImageUse use) {}

    /// Finds or makes an image.
    @FunctionalInterface
    public interface Source {
        Image get() throws InterruptedException;
    }

    /// @param who uses them, for people
    /// @param progress gets a line for each thing that is done
    public Images(ImageStore store, String who, Consumer<String> progress) {
        this.store = store;
        this.who = who;
        this.progress = progress;
    }

    /// Opens all images of a configuration.
    public static Images ready(
            AirlockConfig config, String who, InstantSource clock, Consumer<String> progress)
            throws InterruptedException {
        var images = new Images(store(config.state(), clock), who, progress);
        try {
            for (var image : config.images().values()) {
                images.open(image);
            }
            return images;
        } catch (InterruptedException | RuntimeException e) {
            images.close();
            throw e;
        }
    }

    /// Opens an image. A missing one is built from its recipe, which takes minutes and Debian's
    /// packages.
    public void open(ImageConfig image) throws InterruptedException {
        if (!images.containsKey(image.name())) {
            images.put(image.name(), used(store, who, () -> image(image)));
        }
    }

    private Image image(ImageConfig config) throws InterruptedException {
        return switch (config) {
            case ImageConfig.Directory there -> Image.open(there.directory());
            case ImageConfig.Kept kept ->
                    store.current(
                            store.listing().named(kept.image()).image(),
                            GuestProgram.find(),
                            progress);
            case ImageConfig.BuiltIn own ->
                    store.build(Recipe.builtIn(own.recipe()), GuestProgram.find(), progress);
            case ImageConfig.RecipeFile own ->
                    store.build(Recipe.in(own.file()), GuestProgram.find(), progress);
        };
    }

    /// The image from `source`, marked as used.
    public static Used used(ImageStore store, String who, Source source)
            throws InterruptedException {
        for (int trial = 0; trial < TRIALS; trial++) {
            var image = source.get();
            var use = store.use(image, who + " (process " + ProcessHandle.current().pid() + ")");
            if (use.isPresent()) {
                return new Used(image, use.get());
            }
        }
        throw new ImageException(
                "the image was removed %d times while it was being opened; try again"
                        .formatted(TRIALS));
    }

    /// The image store of a state directory.
    ///
    /// @throws AppException if the directory is another user's
    public static ImageStore store(Path state, InstantSource clock) {
        StateOwner.require(state);
        return new ImageStore(state.resolve("images"), clock);
    }

    @Override
    public BootFiles boot(String name) {
        return boots.computeIfAbsent(name, _ -> opened(name).boot());
    }

    @Override
    public Map<String, String> environment(String name) {
        return facts(name).software().container().environment();
    }

    @Override
    public Set<String> packages(String name) {
        return facts(name).software().installed().keySet();
    }

    private Facts facts(String name) {
        return facts.computeIfAbsent(name, _ -> opened(name).facts());
    }

    private Image opened(String name) {
        var used = images.get(name);
        if (used == null) {
            throw new AppException("the configuration has no image '" + name + "'");
        }
        return used.image();
    }

    @Override
    public void close() {
        images.values().forEach(used -> used.use().close());
    }
}
