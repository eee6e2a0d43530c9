package airlock.config;

import java.nio.file.Path;

/// Where an image comes from.
public sealed interface ImageConfig {
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
}
