package airlock.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// What a configuration's values may refer to besides itself.
///
/// @param directory where relative paths start: the configuration file's directory
/// @param environment the process's environment variables
/// @param forges the names below `forges`, whether what stands there is right or not
/// @param images the same of `images`
record Surroundings(
        Path directory, Map<String, String> environment, Set<String> forges, Set<String> images) {
    Surroundings {
        environment = Map.copyOf(environment);
        forges = Set.copyOf(forges);
        images = Set.copyOf(images);
    }

    /// `path` as the configuration has it, made absolute.
    Path resolve(String path) {
        return directory.resolve(path).toAbsolutePath().normalize();
    }
}
