package airlock.machine;

import airlock.config.AirlockConfig;
import airlock.config.ImageConfig;
import airlock.image.Facts;
import airlock.image.Image;
import airlock.image.ImageException;
import airlock.image.ImageImports;
import airlock.image.ImageImports.Pull;
import airlock.image.ImageStore;
import airlock.image.ImageStore.Removal;
import airlock.image.Proof;
import airlock.image.Recipe;
import airlock.image.StoreListing.Stored;
import airlock.sandbox.Confinement;
import airlock.sandbox.Launcher;
import airlock.text.SafeText;
import airlock.vm.BootFiles.Firmware;
import airlock.vm.QemuSandbox;
import airlock.vm.ToolSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The commands on the images of a state directory, which a server may be using.
public final class StoredImages {
    private final AirlockConfig config;
    private final ImageStore store;
    private final InstantSource clock;

    public StoredImages(AirlockConfig config, InstantSource clock) {
        this.config = config;
        this.store = Images.store(config.state(), clock);
        this.clock = clock;
    }

    /// An image, perhaps a damaged one.
    ///
    /// @param name the directory's, `NAME-KEY`
    /// @param bytes disk space of its files
    /// @param names the configuration's names for it
    /// @param users who has it open, for people
    /// @param problem empty if it is not damaged
    public record Row(
            String name,
            long bytes,
            Instant used,
            List<String> names,
            List<String> users,
            String problem) {}

    /// Sorted by name.
    public List<Row> list() {
        var named = named();
        return store.listing().all().stream().map(stored -> row(stored, named)).toList();
    }

    private Row row(Stored stored, Map<String, List<String>> named) {
        String name = stored.name();
        var names = named.getOrDefault(name, List.of());
        var users = users(name);
        return switch (stored) {
            case Stored.Whole whole -> new Row(name, whole.bytes(), whole.used(), names, users, "");
            case Stored.Damaged(_, var used, var why) -> new Row(name, 0, used, names, users, why);
        };
    }

    private List<String> users(String name) {
        return store.users(name).stream().map(SafeText::line).toList();
    }

    /// The configuration's names by the directory of the stored image that each means.
    private Map<String, List<String>> named() {
        return config.images().values().stream()
                .collect(
                        Collectors.groupingBy(
                                this::directory,
                                Collectors.mapping(ImageConfig::name, Collectors.toList())));
    }

    /// Empty if the image is not in the store.
    private String directory(ImageConfig image) {
        return switch (image) {
            case ImageConfig.BuiltIn own -> directory(Recipe.builtIn(own.recipe()));
            case ImageConfig.RecipeFile own -> directory(Recipe.in(own.file()));
            case ImageConfig.Kept kept ->
                    store.listing().find(kept.image()).map(Stored.Whole::name).orElse("");
            case ImageConfig.Directory there ->
                    config.state().resolve("images").equals(there.directory().getParent())
                            ? String.valueOf(there.directory().getFileName())
                            : "";
        };
    }

    private String directory(Recipe recipe) {
        return String.valueOf(store.directory(recipe, GuestProgram.find()).getFileName());
    }

    /// All facts about the image by key: each a text, or a list or map of texts.
    public Map<String, Object> show(String wanted) {
        var image = store.listing().named(wanted);
        Facts facts = image.facts();
        var all = new LinkedHashMap<String, Object>();
        all.put("image", image.name());
        all.put("from", facts.origin().text());
        facts.made().ifPresent(made -> all.put("made", made.toString()));
        all.put("used", image.used().toString());
        all.put("users", users(image.name()));
        all.put("names", named().getOrDefault(image.name(), List.of()));
        all.put("bytes", Long.toString(image.bytes()));
        facts.firmware().ifPresent(f -> all.put("firmware", f.name().toLowerCase(Locale.ROOT)));
        all.put("emulation", facts.emulation().word());
        all.put("user", facts.software().user());
        all.put("shell", facts.software().shell());
        all.put("workdir", facts.software().container().directory());
        all.put("environment", facts.software().container().environment());
        all.put("hash", facts.hash());
        all.put("sha256", facts.sha256());
        all.put("parent", facts.origin().parent());
        all.put("commands", facts.origin().commands());
        all.put("packages", facts.software().installed());
        all.put("recipe", facts.origin().recipe().lines().toList());
        return all;
    }

    /// Reads the image and compares it with its facts; returns a line for each problem.
    public List<String> verify(String wanted, Consumer<String> progress) {
        return store.listing().named(wanted).image().verify(progress);
    }

    /// Builds the image of a recipe, unless it exists.
    ///
    /// @param recipe the name of a built-in one, or a file
    /// @return the image's name
    public String build(String recipe, Consumer<String> progress) throws InterruptedException {
        var meant =
                recipe.contains("/") || recipe.endsWith(".recipe")
                        ? Recipe.in(Path.of(recipe))
                        : Recipe.builtIn(recipe);
        return name(store.build(meant, GuestProgram.find(), progress));
    }

    /// A disk to import.
    ///
    /// @param kernel the image whose kernel it starts with, unless it has its own boot loader
    /// @param firmware `UEFI` or `BIOS`, for which its own boot loader is; empty to find out
    /// @param sums a file with checksums that must match
    /// @param signature of the sums, by a key of the keyring; empty if the sums contain it
    public record Wanted(
            Path file,
            String name,
            String kernel,
            Optional<String> firmware,
            Optional<Path> sums,
            Optional<Path> signature,
            Optional<Path> keyring) {
        private Proof proof() {
            return new Proof(sums, keyring.map(keys -> new Proof.Signed(signature, keys)));
        }
    }

    /// Imports a disk into the store.
    ///
    /// @return the image's name
    public String importFile(Wanted wanted, Consumer<String> progress) throws InterruptedException {
        return name(boxed(imports -> imported(imports, wanted, progress), progress));
    }

    private Image imported(ImageImports imports, Wanted wanted, Consumer<String> progress)
            throws InterruptedException {
        var guest = GuestProgram.find();
        var firmware = wanted.firmware().map(Firmware::valueOf);
        var proof = wanted.proof();
        Path disk = wanted.file();
        String name = wanted.name();
        if (ImageImports.isCloud(disk)) {
            return imports.cloud(disk, name, firmware, guest, proof, progress);
        }
        if (firmware.isPresent()) {
            throw new ImageException(
                    disk + " has no partitions, so no firmware starts it; leave out --firmware");
        }
        if (!Files.exists(disk)) {
            throw new ImageException("there is no file " + disk);
        }
        var used = kernel("airlock image import", wanted.kernel(), progress);
        try (var _ = used.use()) {
            return imports.file(disk, name, used.image(), guest, proof, progress);
        }
    }

    /// Imports a container image from a registry, by a program in walls of its own.
    ///
    /// @param kernel the image whose kernel it starts with
    /// @param credentials a file as `skopeo login --authfile` writes it
    /// @param insecure whether a registry of this machine may speak plain HTTP
    /// @return the image's name
    public String pull(
            String reference,
            String name,
            String kernel,
            Optional<Path> credentials,
            boolean insecure,
            Consumer<String> progress)
            throws InterruptedException {
        var guest = GuestProgram.find();
        var used = kernel("airlock image pull", kernel, progress);
        try (var _ = used.use()) {
            var pull = new Pull(reference, credentials, insecure);
            var image = used.image();
            return name(boxed(box -> box.pull(pull, name, image, guest, progress), progress));
        }
    }

    /// The image whose kernel another one starts with. Airlock's own are built if they are missing,
    /// so that a container image suffices.
    private Images.Used kernel(String who, String wanted, Consumer<String> progress)
            throws InterruptedException {
        return Images.used(
                store,
                who,
                () -> {
                    if (store.listing().find(wanted).isEmpty() && Recipe.isBuiltIn(wanted)) {
                        progress.accept(
                                "building " + wanted + " first, whose kernel it starts with");
                        return store.build(Recipe.builtIn(wanted), GuestProgram.find(), progress);
                    }
                    return store.listing().named(wanted).image();
                });
    }

    @FunctionalInterface
    private interface Taking {
        Image by(ImageImports imports) throws InterruptedException;
    }

    private Image boxed(Taking taking, Consumer<String> progress) throws InterruptedException {
        try (var launcher = new Launcher()) {
            var cage = QemuSandbox.detect();
            String missing =
                    cage.confinement().missing().getOrDefault(Confinement.Layer.NAMESPACES, "");
            if (!missing.isEmpty()) {
                progress.accept("no walls around programs that read the image: " + missing);
            }
            var box = new ToolSandbox(cage, launcher, List.of());
            return taking.by(new ImageImports(store, box::start));
        } catch (IOException e) {
            throw new ImageException("cannot start programs in walls of their own: " + e, e);
        }
    }

    private static String name(Image image) {
        return String.valueOf(image.directory().getFileName());
    }

    /// Removes an image; a damaged one only by its full name.
    ///
    /// @return the bytes that were freed
    /// @throws ImageException if it is in use
    public long remove(String wanted) {
        boolean inFull = store.listing().all().stream().anyMatch(s -> s.name().equals(wanted));
        String name = inFull ? wanted : store.listing().named(wanted).name();
        return switch (store.remove(name)) {
            case Removal.Removed(long bytes) -> bytes;
            case Removal.Gone() -> 0;
            case Removal.InUse(var users) ->
                    throw new ImageException(
                            "the image %s is used by %s; remove it when that has ended"
                                    .formatted(name, SafeText.line(String.join(", ", users))));
        };
    }

    /// Removes images that the configuration does not name, no process has open, and no run needed
    /// for `unused`; returns their names.
    ///
    /// @param progress gets a line for each image that can't be removed
    public List<String> prune(Duration unused, Consumer<String> progress)
            throws InterruptedException {
        return store.prune(named().keySet(), clock.instant().minus(unused), progress);
    }
}
