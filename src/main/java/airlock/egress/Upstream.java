package airlock.egress;

import airlock.config.HostName;
import airlock.config.UpstreamProxy;
import airlock.egress.HostDialer.ConnectAttempt;
import airlock.egress.LookUps.Resolver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds an HTTP proxy and asks it for connections (RFC 9110, 9.3.6).
public final class Upstream {
    static final int LONGEST_HEAD = 8 << 10;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final int TAIL = 4;

    private Upstream() {}

    /// Whether the proxy connects to a host at these addresses. A host that is not public was named
    /// by the operator and is in this machine's network.
    ///
    /// @param addresses checked ones; empty if the proxy looks the name up
    public static boolean takes(List<InetAddress> addresses) {
        return addresses.stream().allMatch(a -> PublicAddresses.refusal(a).isEmpty());
    }

    /// The proxy's addresses.
    ///
    /// @throws NoRouteToHostException if it has none
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

    /// The first of its addresses that answers.
    ///
    /// @param patience timeout of each address
    /// @throws IOException if none answers
    public static InetAddress reached(UpstreamProxy proxy, Resolver resolver, Duration patience)
            throws IOException {
        try {
            var addresses = addresses(proxy, resolver);
            var dialled =
                    HostDialer.connect(addresses, proxy.port(), patience, new ConnectAttempt());
            ConnectAttempt.close(dialled.socket());
            return dialled.address();
        } catch (IOException e) {
            throw new IOException(
                    "the upstream proxy %s can't be reached: %s".formatted(proxy, e.getMessage()),
                    e);
        }
    }

    /// The target of a `CONNECT` request.
    public static String target(InetAddress address, int port) {
        String text = address.getHostAddress();
        return (text.contains(":") ? "[" + text + "]" : text) + ":" + port;
    }

    /// Asks the proxy for a connection to `target`; from then on the socket carries its bytes.
    ///
    /// @param socket connected to the proxy; has no timeout afterwards
    /// @param authorization the value of `Proxy-Authorization`, if it wants one
    /// @param patience timeout of the whole answer
    /// @throws NoRouteToHostException if the proxy refuses, with none of its words
    /// @throws IOException if the connection breaks
    public static void connect(
            Socket socket, String target, Optional<String> authorization, Duration patience)
            throws IOException {
        long since = System.nanoTime();
        try {
            socket.getOutputStream().write(request(target, authorization));
            var refusal = refusal(() -> next(socket, since, patience));
            if (refusal.isPresent()) {
                throw new NoRouteToHostException("the upstream proxy " + refusal.get());
            }
            socket.setSoTimeout(0);
        } catch (SocketTimeoutException _) {
            throw new NoRouteToHostException(
                    "the upstream proxy did not answer within %d s"
                            .formatted(patience.toSeconds()));
        }
    }

    /// The next byte of the answer, if there is time left for it.
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

    /// Reads byte by byte, since the bytes behind a head must not be taken.
    @FunctionalInterface
    interface Octets {
        /// From 0 to 255; -1 at the end.
        int next() throws IOException;
    }

    /// Reads the head of an answer (RFC 9112) and nothing behind it: after a status of 2xx the
    /// host's own bytes follow.
    ///
    /// @return why the proxy did not connect, for people: the words behind "the upstream proxy"
    static Optional<String> refusal(Octets in) throws IOException {
        var head = new ByteArrayOutputStream();
        int tail = 0;
        while (tail < TAIL) {
            int octet = in.next();
            if (octet < 0) {
                return Optional.of("hung up before it had answered");
            }
            if (head.size() == LONGEST_HEAD) {
                return Optional.of(
                        "sent an answer without an end, or of more than "
                                + LONGEST_HEAD
                                + " bytes");
            }
            head.write(octet);
            tail = tail(tail, octet);
        }
        return status(head.toString(StandardCharsets.ISO_8859_1));
    }

    /// How many bytes of CR LF CR LF have come.
    private static int tail(int before, int octet) {
        int wanted = before % 2 == 0 ? '\r' : '\n';
        if (octet == wanted) {
            return before + 1;
        }
        return octet == '\r' ? 1 : 0;
    }

    private static Optional<String> status(String head) {
        var line = STATUS.matcher(head.substring(0, head.indexOf('\r')));
        if (!line.matches()) {
            return Optional.of("did not answer in HTTP");
        }
        String code = line.group(1);
        if (code.startsWith("2")) {
            return Optional.empty();
        }
        return Optional.of(
                code.equals("407")
                        ? "wants a user and password (407); see upstream_proxy"
                        : "answered " + code);
    }
}
