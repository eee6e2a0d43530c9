package airlock.egress;

import java.net.InetAddress;
import java.util.Optional;

/// A connection that a guest wanted, when it is over.
///
/// @param target in the guest's words, printable ASCII
/// @param address where it went, or which upstream proxy looked the name up; empty where it went
///     nowhere
/// @param sent bytes from the guest to the host
/// @param received bytes the other way
/// @param refusal why it was refused or ended; empty for one that was let
public record Connection(
        String target,
        Optional<InetAddress> address,
        long sent,
        long received,
        Optional<Refusal> refusal) {
    /// Why it was not to be.
    ///
    /// @param why for people: what follows the target
    /// @param line of the allow-list that would let it; empty where none would
    public record Refusal(String why, Optional<String> line) {}
}
