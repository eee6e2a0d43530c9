package airlock.config;

import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Paths on the host.
final class Paths {
    private Paths() {}

    /// A path, absolute or from the configuration file's directory.
    static Type<Path> in(Surroundings surroundings) {
        return Scalars.TEXT.as(
                "a path, absolute or from this file's directory",
                text -> {
                    if (text.isEmpty() || text.startsWith("~")) {
                        throw new IllegalArgumentException(
                                text.isEmpty() ? "empty" : "~ is not expanded here");
                    }
                    try {
                        return surroundings.resolve(text);
                    } catch (InvalidPathException e) {
                        throw new IllegalArgumentException("no path: " + e.getReason(), e);
                    }
                });
    }
}
