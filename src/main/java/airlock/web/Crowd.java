package airlock.web;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/// Closes connections beyond those that one address may have. Loopback is not counted: it is a
/// proxy, behind which are all clients, and which counts by itself.
final class Crowd implements Connection.Listener {
    private final PerAddress places;
    private final Set<Connection> counted = ConcurrentHashMap.newKeySet();

    Crowd(int most) {
        this.places = new PerAddress(most);
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress peer
                && !peer.getAddress().isLoopbackAddress()) {
            if (places.enter(address(peer), Duration.ZERO)) {
                counted.add(connection);
            } else {
                connection.getEndPoint().close();
            }
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (counted.remove(connection)
                && connection.getEndPoint().getRemoteSocketAddress()
                        instanceof InetSocketAddress peer) {
            places.leave(address(peer));
        }
    }

    private static String address(InetSocketAddress peer) {
        return Exchange.address(peer.getAddress().getHostAddress(), null);
    }
}
