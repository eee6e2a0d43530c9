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
                    "plain HTTP is for registries of this machine only, and "
                            + parsed.host()
                            + " is none");
        }
        return parsed;
    }
}
