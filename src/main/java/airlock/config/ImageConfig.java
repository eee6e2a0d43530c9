package airlock.config;

import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The source of an image.
public sealed interface ImageConfig {
    /// The built-in image and its recipe.
    String DEFAULT = "debian-13";

    String name();

    /// A built-in recipe.
    record BuiltIn(String name, String recipe) implements ImageConfig {}

    /// A recipe of the operator's.
    ///
    /// @param file absolute
    record RecipeFile(String name, Path file) implements ImageConfig {}

    /// An image that was imported, or kept from a shell.
    ///
    /// @param image as `airlock image list` shows it
    record Kept(String name, String image) implements ImageConfig {}

    /// An image made by the operator.
    ///
    /// @param directory with disk, kernel, initramfs and facts; absolute
    record Directory(String name, Path directory) implements ImageConfig {}

    @Setting.Group(
            title = "images.NAME",
            about = "A base image for virtual machines; set exactly one of the keys.")
    record Keys(
            @Setting.Name String name,
            @Setting(
                            value =
                                    "The recipe that Airlock builds the image from: a built-in one,"
                                            + " or a file of yours ([Images](images.md)).",
                            without = ONE,
                            type = "recipe",
                            example = DEFAULT)
                    Optional<Function<String, ImageConfig>> recipe,
            @Setting(
                            value =
                                    "The name of an image that was imported, or kept from a shell,"
                                            + " as `airlock image list` shows it"
                                            + " ([Images](images.md)).",
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
                values.place().error("exactly one of recipe, kept and directory must be there");
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
