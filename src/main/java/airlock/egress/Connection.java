package airlock.egress;

import java.net.InetAddress;
import java.util.Optional;

/// A finished or refused connection of a guest.
///
/// @param target in the guest's words, printable ASCII
/// @param address that it reached, or that of the upstream proxy that looked the name up; empty if
///     it was not connected
/// @param sent bytes from the guest to the host
/// @param received bytes from the host to the guest
/// @param refusal why it was refused or ended; empty if it was not
public record Connection(
        String target,
        Optional<InetAddress> address,
        long sent,
        long received,
        Optional<Refusal> refusal) {
    /// A refusal.
    ///
    /// @param why for people: the words behind the target
    /// @param line of the allow-list that would allow it, if one would
    public record Refusal(String why, Optional<String> line) {
        public Refusal(String why) {
            this(why, Optional.empty());
        }
    }
}
