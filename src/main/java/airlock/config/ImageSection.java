package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Values;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// An image, given its name.
final class ImageSection {
    /// The recipe of the image that is there without any configuration.
    static final String DEFAULT = "debian-13";

    private static final String ONE = "one of the others must be there";

    private static final Key<String> KEPT =
            Key.free(
                            "kept",
                            Scalars.TEXT.as(
                                    "an image's name",
                                    text -> {
                                        if (!text.matches("[A-Za-z0-9][A-Za-z0-9+._-]{0,199}")) {
                                            throw new IllegalArgumentException(
                                                    "not the name of an image");
                                        }
                                        return text;
                                    }),
                            ONE,
                            "An image that was imported, or kept from a shell, by its name in"
                                    + " `airlock image list` ([Images](images.md)).")
                    .example("debian-13-with-texlive");

    private final Key<Function<String, ImageConfig>> recipe;
    private final Key<Path> directory;

    ImageSection(Surroundings surroundings) {
        recipe =
                Key.free(
                                "recipe",
                                new RecipeType(surroundings),
                                ONE,
                                "What Airlock builds the image from: the name of one of its own"
                                        + " recipes, or a file with a recipe of yours"
                                        + " ([Images](images.md)).")
                        .example(DEFAULT);
        directory =
                Key.free(
                                "directory",
                                Paths.in(surroundings),
                                ONE,
                                "A directory with an image of your own: disk, kernel, initramfs and"
                                        + " facts.")
                        .example("/var/lib/airlock/images/mine");
    }

    Section<Function<String, ImageConfig>> section() {
        return new Section<>(
                "images.NAME",
                "A base image for virtual machines: one of the keys.",
                List.of(recipe, KEPT, directory),
                this::make);
    }

    private Function<String, ImageConfig> make(Values values) {
        Optional<Function<String, ImageConfig>> written = values.find(recipe);
        Optional<String> kept = values.find(KEPT);
        Optional<Path> path = values.find(directory);
        long count = Stream.of(written, kept, path).filter(Optional::isPresent).count();
        if (count != 1) {
            values.place()
                    .error("one of recipe, kept and directory must be there, and not two of them");
        }
        if (path.isPresent()) {
            return name -> new ImageConfig.Directory(name, path.get());
        }
        if (kept.isPresent()) {
            return name -> new ImageConfig.Kept(name, kept.get());
        }
        return written.orElse(name -> new ImageConfig.BuiltIn(name, DEFAULT));
    }
}
