package airlock.egress;

import airlock.config.HostName;
import airlock.config.UpstreamProxy;
import airlock.egress.Gatekeeper.Decision;
import airlock.egress.ProxyAnswer.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Connects through an HTTP proxy, which is asked for the address that was checked; for a name only
/// where the gatekeeper has left that to it. A place whose address is not public was named by the
/// operator, and is in the same network as this machine: that is connected to directly.
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
        if (addresses.stream().anyMatch(a -> PublicAddresses.refusal(a).isPresent())) {
            return direct.dial(destination, let, attempt);
        }
        IOException last = new IOException("no address");
        for (InetAddress address : addresses.stream().limit(MOST_ADDRESSES).toList()) {
            try {
                return new Dialled(ask(target(address, destination.port()), attempt), address);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private static String target(InetAddress address, int port) {
        String text = address.getHostAddress();
        return (text.contains(":") ? "[" + text + "]" : text) + ":" + port;
    }

    private Socket ask(String target, Attempt attempt) throws IOException {
        long since = System.nanoTime();
        Socket socket = direct.dial(addresses(), proxy.port(), attempt).socket();
        attempt.holds(socket);
        try {
            socket.getOutputStream().write(request(target));
            if (ProxyAnswer.read(() -> next(socket, since)) instanceof Reading.Refused(var why)) {
                throw new IOException("the upstream proxy " + why);
            }
            socket.setSoTimeout(0);
            attempt.succeeds();
            return socket;
        } catch (SocketTimeoutException e) {
            Attempt.close(socket);
            throw new IOException(
                    "the upstream proxy did not answer within %d s".formatted(patience.toSeconds()),
                    e);
        } catch (IOException e) {
            Attempt.close(socket);
            throw e;
        }
    }

    /// The next byte of its answer, all of which has to be there in time.
    private int next(Socket socket, long since) throws IOException {
        long left = patience.minusNanos(System.nanoTime() - since).toMillis();
        if (left <= 0) {
            throw new SocketTimeoutException("too slow");
        }
        socket.setSoTimeout(Math.toIntExact(left));
        return socket.getInputStream().read();
    }

    private List<InetAddress> addresses() throws IOException {
        var found =
                switch (HostName.read(proxy.host())) {
                    case HostName.Reading.Named(var name) -> resolver.addresses(name);
                    case HostName.Reading.Refused _ -> List.of(InetAddress.ofLiteral(proxy.host()));
                };
        if (found.isEmpty()) {
            throw new IOException("the upstream proxy's name has no address: " + proxy.host());
        }
        return found;
    }

    private byte[] request(String target) {
        String credentials =
                proxy.authorization()
                        .map(value -> "Proxy-Authorization: " + value + "\r\n")
                        .orElse("");
        return "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n%2$s\r\n"
                .formatted(target, credentials)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
