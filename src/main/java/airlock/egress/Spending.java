package airlock.egress;

import airlock.config.NetworkCaps;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// What the connections of one phase have used of what they may, all together.
final class Spending {
    private final NetworkCaps caps;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    Spending(NetworkCaps caps) {
        this.caps = caps;
    }

    /// One more connection is wanted.
    ///
    /// @return why it may not be; empty where it may
    Optional<String> connects() {
        return connections.incrementAndGet() <= caps.connections()
                ? Optional.empty()
                : Optional.of(
                        "is one too many: %,d are a phase's most (network.connections)"
                                .formatted(caps.connections()));
    }

    /// So many more bytes were carried.
    ///
    /// @return why there may be no more of them; empty where there may
    Optional<String> carries(int more) {
        return bytes.addAndGet(more) <= caps.bytes()
                ? Optional.empty()
                : Optional.of(
                        "was ended: the phase has carried %,d bytes, its most (network.bytes)"
                                .formatted(caps.bytes()));
    }
}
