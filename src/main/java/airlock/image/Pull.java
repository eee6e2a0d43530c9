package airlock.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A container image that is wanted from a registry.
///
/// @param reference as a person writes it
/// @param credentials a file as `skopeo login --authfile` writes it
/// @param insecure whether the registry may speak plain HTTP, which only one of this machine may
/// @param walls around the program that fetches it
public record Pull(String reference, Optional<Path> credentials, boolean insecure, Walls walls) {
    /// Starts programs that read what strangers say.
    @FunctionalInterface
    public interface Walls {
        /// No walls.
        Walls NONE = (_, _, command) -> new ProcessBuilder(command).start();

        /// Starts a program that has its three streams.
        ///
        /// @param home the only directory that it may write
        /// @param reads what it reads beside the system's files
        Process start(Path home, List<Path> reads, List<String> command) throws IOException;
    }

    /// @throws ImageException where it can't be meant
    Reference parsed() {
        var parsed = Reference.parse(reference);
        if (insecure && !parsed.isLoopback()) {
            throw new ImageException(
                    "plain HTTP is for registries of this machine only, and "
                            + parsed.host()
                            + " is none");
        }
        return parsed;
    }
}
