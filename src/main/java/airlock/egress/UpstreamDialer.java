package airlock.egress;

import airlock.config.UpstreamProxy;
import airlock.egress.Gatekeeper.Decision;
import airlock.egress.LookUps.Resolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/// Connects through an HTTP proxy ([Upstream]): asks it for the checked address, or for the name if
/// the proxy looks names up.
final class UpstreamDialer implements Dialer {
    private final UpstreamProxy proxy;
    private final Resolver resolver;
    private final DirectDialer direct;
    private final Duration patience;

    /// @param resolver for the proxy's own name
    /// @param patience timeout of the proxy for each address
    UpstreamDialer(UpstreamProxy proxy, Resolver resolver, DirectDialer direct, Duration patience) {
        this.proxy = proxy;
        this.resolver = resolver;
        this.direct = direct;
        this.patience = patience;
    }

    @Override
    public Dialled dial(Destination destination, Decision.Let let, ConnectAttempt attempt)
            throws IOException {
        List<InetAddress> addresses = let.addresses();
        if (addresses.isEmpty()) {
            Socket socket = ask(destination.toString(), attempt);
            return new Dialled(socket, socket.getInetAddress());
        }
        if (!Upstream.takes(addresses)) {
            return direct.dial(destination, let, attempt);
        }
        IOException last = new IOException("no address");
        for (InetAddress address : addresses.stream().limit(MOST_ADDRESSES).toList()) {
            try {
                String target = Upstream.target(address, destination.port());
                return new Dialled(ask(target, attempt), address);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private Socket ask(String target, ConnectAttempt attempt) throws IOException {
        var addresses = Upstream.addresses(proxy, resolver);
        Socket socket = direct.dial(addresses, proxy.port(), attempt).socket();
        attempt.holds(socket);
        try {
            Upstream.connect(socket, target, proxy.authorization(), patience);
            attempt.succeeds();
            return socket;
        } catch (IOException e) {
            ConnectAttempt.close(socket);
            throw e;
        }
    }
}
