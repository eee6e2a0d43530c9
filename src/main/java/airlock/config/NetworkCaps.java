package airlock.config;

import java.time.Duration;
import java.util.Set;

/// Limits for a phase's connections, wherever they go.
///
/// @param tlsPorts ports that allow nothing but TLS to the connection's own host
/// @param connections per phase
/// @param bytes of all connections in both directions
/// @param idle how long a connection may carry no data
public record NetworkCaps(Set<Integer> tlsPorts, int connections, long bytes, Duration idle) {
    public static final NetworkCaps STANDARD =
            new NetworkCaps(Set.of(443), 10_000, 20L << 30, Duration.ofMinutes(30));

    public NetworkCaps {
        tlsPorts = Set.copyOf(tlsPorts);
    }
}
