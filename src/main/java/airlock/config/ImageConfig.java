package airlock.config;

import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Where an image comes from.
public sealed interface ImageConfig {
    /// The image that is there without any configuration, and its recipe.
    String DEFAULT = "debian-13";

    /// The name in the configuration.
    String name();

    /// Built by Airlock from one of its own recipes.
    ///
    /// @param recipe the recipe's name, such as `debian-13`
    record BuiltIn(String name, String recipe) implements ImageConfig {}

    /// Built by Airlock from a recipe of the operator's.
    ///
    /// @param file the recipe, absolute
    record RecipeFile(String name, Path file) implements ImageConfig {}

    /// One that was imported, or kept from a shell.
    ///
    /// @param image its name, as `airlock image list` shows it
    record Kept(String name, String image) implements ImageConfig {}

    /// Made by the operator.
    ///
    /// @param directory the directory with disk, kernel, initramfs and facts, absolute
    record Directory(String name, Path directory) implements ImageConfig {}

    /// The keys of one.
    @Setting.Group(
            title = "images.NAME",
            about = "A base image for virtual machines: one of the keys.")
    record Keys(
            @Setting.Name String name,
            @Setting(
                            value =
                                    "What Airlock builds the image from: the name of one of its own"
                                            + " recipes, or a file with a recipe of yours"
                                            + " ([Images](images.md)).",
                            without = ONE,
                            type = "recipe",
                            example = DEFAULT)
                    Optional<Function<String, ImageConfig>> recipe,
            @Setting(
                            value =
                                    "An image that was imported, or kept from a shell, by its name"
                                            + " in `airlock image list` ([Images](images.md)).",
                            without = ONE,
                            pattern = "[A-Za-z0-9][A-Za-z0-9+._-]{0,199}",
                            expected = "an image's name",
                            example = "debian-13-with-texlive")
                    Optional<String> kept,
            @Setting(
                            value =
                                    "A directory with an image of your own: disk, kernel, initramfs"
                                            + " and facts.",
                            without = ONE,
                            example = "/var/lib/airlock/images/mine")
                    Optional<Path> directory)
            implements Setting.Checked {
        static final String ONE = "one of the others must be there";

        @Override
        public void check(Values values) {
            if (Stream.of(recipe, kept, directory).filter(Optional::isPresent).count() != 1) {
                values.place()
                        .error(
                                "one of recipe, kept and directory must be there, and not two of"
                                        + " them");
            }
        }

        ImageConfig image() {
            return directory
                    .<ImageConfig>map(path -> new Directory(name, path))
                    .or(() -> kept.map(image -> new Kept(name, image)))
                    .or(() -> recipe.map(make -> make.apply(name)))
                    .orElseGet(() -> new BuiltIn(name, DEFAULT));
        }
    }
}
