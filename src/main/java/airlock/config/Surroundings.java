package airlock.config;

import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// The context that a configuration's values refer to.
///
/// @param directory base of relative paths: the configuration file's directory
/// @param environment the process's environment variables
/// @param forges the names in `forges`, even of invalid ones
/// @param images the names in `images`, even of invalid ones
record Surroundings(
        Path directory, Map<String, String> environment, Set<String> forges, Set<String> images) {
    static final Surroundings NOTHING =
            new Surroundings(Path.of("/"), Map.of(), Set.of(), Set.of());

    Surroundings {
        environment = Map.copyOf(environment);
        forges = Set.copyOf(forges);
        images = Set.copyOf(images);
    }

    Path resolve(String path) {
        return directory.resolve(path).toAbsolutePath().normalize();
    }

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
