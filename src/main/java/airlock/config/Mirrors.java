package airlock.config;

import java.net.URI;
import java.util.Map;

/// Where actions fetch packages from, for all repositories.
///
/// @param all those that are given, without a slash at their ends
record Mirrors(Map<Mirror, URI> all) {
    static final Mirrors NONE = new Mirrors(Map.of());

    Mirrors {
        all = Map.copyOf(all);
    }
}
