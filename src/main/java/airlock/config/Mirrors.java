package airlock.config;

import java.net.URI;
import java.util.Optional;

/// Where actions fetch packages from, for all repositories.
///
/// @param debian without a slash at its end
record Mirrors(Optional<URI> debian) {
    static final Mirrors NONE = new Mirrors(Optional.empty());
}
