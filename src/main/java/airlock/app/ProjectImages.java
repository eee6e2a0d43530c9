package airlock.app;

import airlock.ambient.ImageNames;
import airlock.ambient.Project;
import airlock.config.AirlockConfig;
import airlock.config.ImageConfig;
import airlock.config.RepositoryConfig;
import airlock.image.Image;
import airlock.image.ImageException;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.image.Stored;
import airlock.phases.PhaseParts;
import airlock.vm.BootFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The images that projects of Ambient's are run on: none of their disks is booted as it is.
final class ProjectImages implements PhaseParts.Images, AutoCloseable {
    private static final String WHO = "airlock run";

    private final ImageStore store;
    private final Optional<AirlockConfig> config;
    private final ImageNames names;
    private final Optional<String> wanted;
    private final Consumer<String> progress;
    private final Map<String, Images.Used> open = new HashMap<>();

    /// @param state where the images are
    /// @param wanted the name of the image for all projects
    /// @param progress hears of long preparations, a line each
    ProjectImages(
            Path state,
            InstantSource clock,
            Optional<AirlockConfig> config,
            ImageNames names,
            Optional<String> wanted,
            Consumer<String> progress) {
        this.store = Images.store(state, clock);
        this.config = config;
        this.names = names;
        this.wanted = wanted;
        this.progress = progress;
    }

    /// The image of a project.
    ///
    /// @param repository what the configuration has for the project
    /// @throws AppException where there is none, with what to do
    ImageConfig of(Project project, Optional<RepositoryConfig> repository) {
        if (wanted.isPresent()) {
            return named(wanted.get());
        }
        return kept(names.of(project))
                .or(() -> from(project.image()))
                .or(() -> repository.flatMap(r -> config.map(c -> c.images().get(r.image()))))
                .orElseThrow(() -> new AppException(missing(project)));
    }

    private ImageConfig named(String name) {
        var configured = config.map(c -> c.images().get(name));
        if (configured.isPresent()) {
            return configured.get();
        }
        var kept = kept(name);
        if (kept.isPresent()) {
            return kept.get();
        }
        try {
            var _ = Recipe.builtIn(name);
            return new ImageConfig.BuiltIn(name, name);
        } catch (ImageException _) {
            // the store says which images there are
            throw new AppException(whyNot(name));
        }
    }

    private String whyNot(String name) {
        try {
            return store.shelf().named(name).name();
        } catch (ImageException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Optional<ImageConfig> kept(String name) {
        return store.shelf().find(name).map(_ -> new ImageConfig.Kept(name, name));
    }

    /// The one that was imported from a file of this name.
    private Optional<ImageConfig> from(Path disk) {
        String origin = "the file " + disk.getFileName() + ",";
        return store.shelf().all().stream()
                .filter(
                        stored ->
                                stored instanceof Stored.Whole whole
                                        && whole.facts().from().startsWith(origin))
                .map(stored -> (ImageConfig) new ImageConfig.Kept(stored.name(), stored.name()))
                .findFirst();
    }

    private String missing(Project project) {
        return "the image %s of %s is not here yet; `%s` takes it in (%s); or run with `--image debian-13`"
                .formatted(
                        project.image(),
                        project.name(),
                        ImageNames.command(project.image(), names.of(project), " --config FILE"),
                        config.isPresent()
                                ? "with the same configuration"
                                : "and `airlock run --config FILE` finds it; `airlock migrate ambient`"
                                        + " writes a configuration");
    }

    /// Opens it, which may take minutes where it has to be built.
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
