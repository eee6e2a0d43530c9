package airlock.egress;

import airlock.config.UpstreamProxy;
import airlock.egress.Gatekeeper.Decision;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/// Connects through an HTTP proxy, which is asked for the address that was checked; for a name only
/// where the gatekeeper has left that to it ([Upstream]).
final class UpstreamDialer implements Dialer {
    private final UpstreamProxy proxy;
    private final Resolver resolver;
    private final DirectDialer direct;
    private final Duration patience;

    /// @param resolver for the proxy's own name
    /// @param patience with the proxy, for each address that it is asked for
    UpstreamDialer(UpstreamProxy proxy, Resolver resolver, DirectDialer direct, Duration patience) {
        this.proxy = proxy;
        this.resolver = resolver;
        this.direct = direct;
        this.patience = patience;
    }

    @Override
    public Dialled dial(Destination destination, Decision.Let let, Attempt attempt)
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

    private Socket ask(String target, Attempt attempt) throws IOException {
        var addresses = Upstream.addresses(proxy, resolver);
        Socket socket = direct.dial(addresses, proxy.port(), attempt).socket();
        attempt.holds(socket);
        try {
            Upstream.connect(socket, target, proxy.authorization(), patience);
            attempt.succeeds();
            return socket;
        } catch (IOException e) {
            Attempt.close(socket);
            throw e;
        }
    }
}
