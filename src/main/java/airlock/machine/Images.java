package airlock.machine;

import airlock.config.AirlockConfig;
import airlock.config.ImageConfig;
import airlock.image.Container;
import airlock.image.Facts;
import airlock.image.Image;
import airlock.image.ImageException;
import airlock.image.ImageStore;
import airlock.image.ImageUse;
import airlock.image.Recipe;
import airlock.phases.PhaseParts;
import airlock.vm.BootFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The images of the configuration, each opened once; none can be removed before this is closed.
public final class Images implements PhaseParts.Images, AutoCloseable {
    /// Another process may remove an image between finding and marking it, so try again.
    private static final int TRIALS = 5;

    private final Map<String, Used> images;
    private final Map<String, Facts> facts = new ConcurrentHashMap<>();
    private final Map<String, BootFiles> boots = new ConcurrentHashMap<>();

    private Images(Map<String, Used> images) {
        this.images = images;
    }

    /// An image that stays while it is used.
    public record Used(Image image, ImageUse use) {}

    /// Finds or makes an image.
    @FunctionalInterface
    public interface Source {
        Image get() throws InterruptedException;
    }

    /// Opens all images; builds missing ones from their recipes, which takes minutes and Debian's
    /// packages.
    ///
    /// @param who uses them, for people
    /// @param progress gets a line for each thing that is done
    public static Images ready(
            AirlockConfig config, String who, InstantSource clock, Consumer<String> progress)
            throws InterruptedException {
        var store = store(config.state(), clock);
        var images = new LinkedHashMap<String, Used>();
        try {
            for (var image : config.images().values()) {
                images.put(image.name(), used(store, who, () -> image(store, image, progress)));
            }
        } catch (InterruptedException | RuntimeException e) {
            new Images(images).close();
            throw e;
        }
        return new Images(images);
    }

    /// The image that `config` names; built if it is missing.
    public static Image image(ImageStore store, ImageConfig config, Consumer<String> progress)
            throws InterruptedException {
        return switch (config) {
            case ImageConfig.Directory there -> Image.open(there.directory());
            case ImageConfig.Kept kept ->
                    store.current(
                            store.shelf().named(kept.image()).image(),
                            GuestProgram.find(),
                            progress);
            case ImageConfig.BuiltIn own ->
                    store.build(Recipe.builtIn(own.recipe()), GuestProgram.find(), progress);
            case ImageConfig.RecipeFile own ->
                    store.build(Recipe.in(own.file()), GuestProgram.find(), progress);
        };
    }

    /// The image whose kernel another image starts with. Airlock's own images are built if they are
    /// missing, so that a container image suffices.
    static Image kernel(ImageStore store, String wanted, Consumer<String> progress)
            throws InterruptedException {
        if (store.shelf().find(wanted).isEmpty() && Recipe.isBuiltIn(wanted)) {
            progress.accept("building " + wanted + " first, whose kernel it starts with");
            return store.build(Recipe.builtIn(wanted), GuestProgram.find(), progress);
        }
        return store.shelf().named(wanted).image();
    }

    /// The image from `source`, marked as used.
    public static Used used(ImageStore store, String who, Source source)
            throws InterruptedException {
        for (int trial = 0; trial < TRIALS; trial++) {
            var image = source.get();
            Optional<ImageUse> use =
                    store.use(image, who + " (process " + ProcessHandle.current().pid() + ")");
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
        var used = images.get(name);
        if (used == null) {
            throw new AppException("the configuration has no image '" + name + "'");
        }
        return boots.computeIfAbsent(name, _ -> used.image().boot());
    }

    @Override
    public Map<String, String> environment(String name) {
        return facts(name)
                .map(known -> known.software().container().environment())
                .orElse(Container.NONE.environment());
    }

    @Override
    public Set<String> packages(String name) {
        return facts(name).map(known -> known.software().installed().keySet()).orElse(Set.of());
    }

    private Optional<Facts> facts(String name) {
        return Optional.ofNullable(images.get(name))
                .map(used -> facts.computeIfAbsent(name, _ -> used.image().facts()));
    }

    @Override
    public void close() {
        images.values().forEach(used -> used.use().close());
    }
}
