package airlock.image;

import java.nio.file.Path;
import java.util.Optional;

/// An order to fetch a container image from a registry.
///
/// @param reference as a person writes it
/// @param credentials a file that `skopeo login --authfile` wrote
/// @param insecure allows plain HTTP, for registries on this machine only
public record Pull(String reference, Optional<Path> credentials, boolean insecure) {
    /// @throws ImageException if the reference is invalid or a remote registry is to be insecure
    Reference parsed() {
        var parsed = Reference.parse(reference);
        if (insecure && !parsed.isLoopback()) {
            throw new ImageException(
                    "--insecure is for a registry on this machine, and %s is another; leave it out"
                            .formatted(parsed.host()));
        }
        return parsed;
    }
}
