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

    /// Made by the operator.
    ///
    /// @param directory the directory with disk, kernel, initramfs and facts, absolute
    record Directory(String name, Path directory) implements ImageConfig {}
}
