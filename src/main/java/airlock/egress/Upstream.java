package airlock.egress;

import airlock.config.HostName;
import airlock.config.UpstreamProxy;
import airlock.egress.ProxyAnswer.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How an HTTP proxy is found, and asked for a connection (RFC 9110, 9.3.6).
public final class Upstream {
    private Upstream() {}

    /// Whether a place at these addresses is connected to through the proxy. One that is not public
    /// was named by the operator, and is in the same network as this machine.
    ///
    /// @param addresses those that were checked; empty where the proxy looks the name up
    public static boolean takes(List<InetAddress> addresses) {
        return addresses.stream().allMatch(a -> PublicAddresses.refusal(a).isEmpty());
    }

    /// The proxy's addresses.
    ///
    /// @throws NoRouteToHostException where there is none
    static List<InetAddress> addresses(UpstreamProxy proxy, Resolver resolver) throws IOException {
        var found =
                switch (HostName.read(proxy.host())) {
                    case HostName.Reading.Named(var name) -> resolver.addresses(name);
                    case HostName.Reading.Refused _ -> List.of(InetAddress.ofLiteral(proxy.host()));
                };
        if (found.isEmpty()) {
            throw new NoRouteToHostException(
                    "the upstream proxy's name has no address: " + proxy.host());
        }
        return found;
    }

    /// The first of its addresses that can be connected to.
    ///
    /// @param patience with each of them
    /// @throws IOException where there is none
    public static InetAddress reached(UpstreamProxy proxy, Resolver resolver, Duration patience)
            throws IOException {
        var dialer = new DirectDialer(patience);
        try {
            var dialled = dialer.dial(addresses(proxy, resolver), proxy.port(), new Attempt());
            Attempt.close(dialled.socket());
            return dialled.address();
        } catch (IOException e) {
            throw new IOException(
                    "the upstream proxy %s can't be reached: %s".formatted(proxy, e.getMessage()),
                    e);
        }
    }

    /// An address as a proxy is asked for it.
    public static String target(InetAddress address, int port) {
        String text = address.getHostAddress();
        return (text.contains(":") ? "[" + text + "]" : text) + ":" + port;
    }

    /// Asks the proxy for a connection to `target`. What the socket carries then is the target's.
    ///
    /// @param socket connected to the proxy; its timeout is none afterwards
    /// @param authorization what the proxy wants to hear; empty where that is nothing
    /// @param patience for all of its answer
    /// @throws NoRouteToHostException where it does not connect, with none of its words
    /// @throws IOException where its connection breaks
    public static void connect(
            Socket socket, String target, Optional<String> authorization, Duration patience)
            throws IOException {
        long since = System.nanoTime();
        try {
            socket.getOutputStream().write(request(target, authorization));
            if (ProxyAnswer.read(() -> next(socket, since, patience))
                    instanceof Reading.Refused(var why)) {
                throw new NoRouteToHostException("the upstream proxy " + why);
            }
            socket.setSoTimeout(0);
        } catch (SocketTimeoutException _) {
            throw new NoRouteToHostException(
                    "the upstream proxy did not answer within %d s"
                            .formatted(patience.toSeconds()));
        }
    }

    /// The next byte of its answer, all of which has to be there in time.
    private static int next(Socket socket, long since, Duration patience) throws IOException {
        long left = patience.minusNanos(System.nanoTime() - since).toMillis();
        if (left <= 0) {
            throw new SocketTimeoutException("too slow");
        }
        socket.setSoTimeout(Math.toIntExact(left));
        return socket.getInputStream().read();
    }

    private static byte[] request(String target, Optional<String> authorization) {
        String credentials =
                authorization.map(value -> "Proxy-Authorization: " + value + "\r\n").orElse("");
        return "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n%2$s\r\n"
                .formatted(target, credentials)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
