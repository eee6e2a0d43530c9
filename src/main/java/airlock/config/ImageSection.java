package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Values;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// An image, given its name.
final class ImageSection {
    /// The recipe of the image that is there without any configuration.
    static final String DEFAULT = "debian-13";

    private static final Key<String> RECIPE =
            Key.free(
                            "recipe",
                            Scalars.choice(Map.of(DEFAULT, DEFAULT)),
                            "`directory` must be there",
                            "One of Airlock's own recipes, which it builds itself.")
                    .example(DEFAULT);

    private final Key<Path> directory;

    ImageSection(Surroundings surroundings) {
        directory =
                Key.free(
                                "directory",
                                Paths.in(surroundings),
                                "`recipe` must be there",
                                "A directory with an image of your own: disk, kernel, initramfs and"
                                        + " facts.")
                        .example("/var/lib/airlock/images/mine");
    }

    Section<Function<String, ImageConfig>> section() {
        return new Section<>(
                "images.NAME",
                "A base image for virtual machines: either one of the two keys.",
                List.of(RECIPE, directory),
                this::make);
    }

    private Function<String, ImageConfig> make(Values values) {
        Optional<String> recipe = values.find(RECIPE);
        Optional<Path> path = values.find(directory);
        if (recipe.isPresent() == path.isPresent()) {
            values.place().error("one of recipe and directory must be there, and not both");
        }
        return name ->
                path.isPresent()
                        ? new ImageConfig.Directory(name, path.get())
                        : new ImageConfig.BuiltIn(name, recipe.orElse(DEFAULT));
    }
}
