package airlock.web;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/// Closes connections of an address that has too many. Loopback is not counted: that is a proxy in
/// front of all clients, which has limits of its own.
final class ConnectionLimit implements Connection.Listener {
    private final Quota places;

    /// Addresses by connection, since a closed connection has none.
    private final Map<Connection, String> counted = new ConcurrentHashMap<>();

    ConnectionLimit(int most) {
        this.places = new Quota(Long.MAX_VALUE, most);
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress peer
                && !peer.getAddress().isLoopbackAddress()) {
            String address = Exchange.address(peer.getAddress().getHostAddress(), null);
            if (places.take(address, 1, Duration.ZERO)) {
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
            places.release(address, 1);
        }
    }
}
