package airlock.config;

import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.nio.file.InvalidPathException;
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
    /// Of a file that stands alone.
    static final Surroundings NOTHING =
            new Surroundings(Path.of("/"), Map.of(), Set.of(), Set.of());

    Surroundings {
        environment = Map.copyOf(environment);
        forges = Set.copyOf(forges);
        images = Set.copyOf(images);
    }

    /// `path` as the configuration has it, made absolute.
    Path resolve(String path) {
        return directory.resolve(path).toAbsolutePath().normalize();
    }

    /// A path, absolute or from the configuration file's directory.
    Type<Path> path() {
        return Scalars.TEXT.as(
                "a path, absolute or from this file's directory",
                text -> {
                    if (text.isEmpty() || text.startsWith("~")) {
                        throw new IllegalArgumentException(
                                text.isEmpty() ? "empty" : "~ is not expanded here");
                    }
                    try {
                        return resolve(text);
                    } catch (InvalidPathException e) {
                        throw new IllegalArgumentException("no path: " + e.getReason(), e);
                    }
                });
    }
}
