package airlock.web;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/// Closes connections beyond those that one address may have. Loopback is not counted: it is a
/// proxy, behind which are all clients, and which counts by itself.
final class Crowd implements Connection.Listener {
    private final PerAddress places;

    /// The address of each connection that is counted: a closed one no longer tells it.
    private final Map<Connection, String> counted = new ConcurrentHashMap<>();

    Crowd(int most) {
        this.places = new PerAddress(most);
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress peer
                && !peer.getAddress().isLoopbackAddress()) {
            String address = Exchange.address(peer.getAddress().getHostAddress(), null);
            if (places.enter(address, Duration.ZERO)) {
                counted.put(connection, address);
            } else {
                connection.getEndPoint().close();
            }
        }
    }

    @Override
    public void onClosed(Connection connection) {
        String address = counted.remove(connection);
        if (address != null) {
            places.leave(address);
        }
    }
}
