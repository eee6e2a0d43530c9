package airlock.image;

import java.nio.file.Path;
import java.util.Optional;

/// A container image that is wanted from a registry.
///
/// @param reference as a person writes it
/// @param credentials a file as `skopeo login --authfile` writes it
/// @param insecure whether the registry may speak plain HTTP, which only one of this machine may
public record Pull(String reference, Optional<Path> credentials, boolean insecure) {
    /// @throws ImageException where it can't be meant
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
