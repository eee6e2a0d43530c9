package airlock.egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.function.Predicate;

/// The machine on which Airlock runs, which no guest may reach.
///
/// @param isOwn whether an address belongs to this machine
/// @param ports on which Airlock itself listens
public record OwnPlaces(Predicate<InetAddress> isOwn, Set<Integer> ports) {
    public OwnPlaces {
        ports = Set.copyOf(ports);
    }

    /// Looks at the interfaces for each question, since addresses come and go.
    ///
    /// @param ports on which Airlock itself listens
    public static OwnPlaces ofThisMachine(Set<Integer> ports) {
        return new OwnPlaces(OwnPlaces::isHere, ports);
    }

    private static boolean isHere(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return true; // unknown: refuse rather than allow
        }
    }

    /// Whether Airlock itself listens there.
    boolean isAirlock(InetAddress address, int port) {
        return ports.contains(port) && (isOwn.test(address) || address.isLoopbackAddress());
    }
}
