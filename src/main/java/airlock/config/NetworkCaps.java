package airlock.config;

import java.time.Duration;
import java.util.Set;

/// What bounds a phase's connections, wherever they go.
///
/// @param tlsPorts on which nothing but TLS to the host itself is let through
/// @param connections most of them in a phase
/// @param bytes most bytes of all of them together, both directions
/// @param idle how long a connection may carry nothing
public record NetworkCaps(Set<Integer> tlsPorts, int connections, long bytes, Duration idle) {
    /// Where the configuration says nothing else.
    public static final NetworkCaps STANDARD =
            new NetworkCaps(Set.of(443), 10_000, 20L << 30, Duration.ofMinutes(30));

    public NetworkCaps {
        tlsPorts = Set.copyOf(tlsPorts);
    }
}
