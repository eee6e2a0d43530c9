package airlock.egress;

import java.net.InetAddress;
import java.util.Set;
import java.util.function.Predicate;

/// What no guest may reach: the machine on which Airlock runs.
///
/// @param isOwn whether an address is one of this machine's
/// @param ports on which Airlock itself listens
record OwnPlaces(Predicate<InetAddress> isOwn, Set<Integer> ports) {
    OwnPlaces {
        ports = Set.copyOf(ports);
    }

    /// Whether Airlock itself is there.
    boolean isAirlock(InetAddress address, int port) {
        return ports.contains(port) && (isOwn.test(address) || address.isLoopbackAddress());
    }
}
