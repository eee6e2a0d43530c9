package airlock.egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.function.Predicate;

/// What no guest may reach: the machine on which Airlock runs.
///
/// @param isOwn whether an address is one of this machine's
/// @param ports on which Airlock itself listens
public record OwnPlaces(Predicate<InetAddress> isOwn, Set<Integer> ports) {
    public OwnPlaces {
        ports = Set.copyOf(ports);
    }

    /// As this machine's interfaces are at each question: addresses come and go.
    ///
    /// @param ports on which Airlock itself listens
    public static OwnPlaces ofThisMachine(Set<Integer> ports) {
        return new OwnPlaces(OwnPlaces::isHere, ports);
    }

    private static boolean isHere(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return true; // nobody knows: refused rather than let
        }
    }

    /// Whether Airlock itself is there.
    boolean isAirlock(InetAddress address, int port) {
        return ports.contains(port) && (isOwn.test(address) || address.isLoopbackAddress());
    }
}
