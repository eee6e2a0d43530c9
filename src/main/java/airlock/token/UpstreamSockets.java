package airlock.token;

import airlock.egress.Upstream;
import airlock.event.Secret;
import airlock.token.TokenOrder.Origin;
import airlock.token.TokenOrder.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.SocketFactory;

/// Sockets through an HTTP proxy. It is asked for the checked address, or for the server's name if
/// no address was checked; OkHttp by itself would always ask for the name.
final class UpstreamSockets extends SocketFactory {
    private final Origin origin;
    private final Way way;

    UpstreamSockets(Origin origin, Way way) {
        this.origin = origin;
        this.way = way;
    }

    @Override
    public Socket createSocket() {
        return new Tunnel();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unconnected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw unconnected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unconnected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw unconnected();
    }

    private static UnsupportedOperationException unconnected() {
        return new UnsupportedOperationException("sockets are made first, and connected then");
    }

    /// Connects to the proxy, and through it to the server.
    private final class Tunnel extends Socket {
        @Override
        public void connect(SocketAddress place, int patience) throws IOException {
            String target =
                    origin.addresses().isEmpty()
                            ? origin.host() + ":" + origin.port()
                            : Upstream.target(
                                    ((InetSocketAddress) place).getAddress(), origin.port());
            int timeout = getSoTimeout();
            try {
                super.connect(new InetSocketAddress(way.address(), way.port()), patience);
            } catch (IOException e) {
                String why = "the upstream proxy can't be reached: " + e.getMessage();
                throw (IOException) new NoRouteToHostException(why).initCause(e);
            }
            Upstream.connect(
                    this,
                    target,
                    way.authorization().map(Secret::reveal),
                    Duration.ofMillis(patience));
            setSoTimeout(timeout);
        }
    }
}
