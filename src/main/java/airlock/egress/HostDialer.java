package airlock.egress;

import airlock.config.UpstreamProxy;
import airlock.egress.ConnectServer.Dialer;
import airlock.egress.Gatekeeper.Decision;
import airlock.egress.Gatekeeper.Destination;
import airlock.egress.LookUps.Resolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Connects directly or through an HTTP proxy ([Upstream]), which is asked for the checked address,
/// or for the name if it looks names up.
///
/// @param resolver for the proxy's own name
/// @param patience timeout of each address, and of the proxy's answer
record HostDialer(Optional<UpstreamProxy> upstream, Resolver resolver, Duration patience)
        implements Dialer {
    private static final int MOST_ADDRESSES = 8; // tried of one host

    @Override
    public Dialled dial(Destination destination, Decision.Let let, ConnectAttempt attempt)
            throws IOException {
        List<InetAddress> addresses = let.addresses();
        int port = destination.port();
        if (upstream.isEmpty() || !Upstream.takes(addresses)) {
            return connect(addresses, port, patience, attempt);
        }
        if (addresses.isEmpty()) {
            Socket socket = ask(upstream.get(), destination.toString(), attempt);
            return new Dialled(socket, socket.getInetAddress());
        }
        return first(
                addresses, address -> ask(upstream.get(), Upstream.target(address, port), attempt));
    }

    private Socket ask(UpstreamProxy proxy, String target, ConnectAttempt attempt)
            throws IOException {
        var addresses = Upstream.addresses(proxy, resolver);
        Socket socket = connect(addresses, proxy.port(), patience, attempt).socket();
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

    /// Connects to the first of several addresses that answers.
    ///
    /// @throws IOException of the last address, if none answers
    static Dialled connect(
            List<InetAddress> addresses, int port, Duration patience, ConnectAttempt attempt)
            throws IOException {
        int millis = Math.toIntExact(patience.toMillis());
        return first(
                addresses,
                address -> {
                    Socket socket = attempt.open();
                    try {
                        socket.connect(new InetSocketAddress(address, port), millis);
                        socket.setTcpNoDelay(true);
                        attempt.succeeds();
                        return socket;
                    } catch (IOException e) {
                        ConnectAttempt.close(socket);
                        throw e;
                    }
                });
    }

    @FunctionalInterface
    private interface Way {
        Socket to(InetAddress address) throws IOException;
    }

    private static Dialled first(List<InetAddress> addresses, Way way) throws IOException {
        IOException last = new IOException("no address");
        for (InetAddress address : addresses.stream().limit(MOST_ADDRESSES).toList()) {
            try {
                return new Dialled(way.to(address), address);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /// A connection that is being made and can be given up meanwhile, so that no thread waits for
    /// an address that does not answer after the client has gone.
    static final class ConnectAttempt {
        static final String GIVEN_UP = "its client gave up first";

        private Optional<Socket> socket = Optional.empty();
        private boolean isOver;

        /// A new socket, which is closed if the attempt is given up.
        synchronized Socket open() throws IOException {
            check();
            Socket opened = SocketChannel.open().socket();
            socket = Optional.of(opened);
            return opened;
        }

        /// Takes over a connected socket, for a request to a proxy.
        synchronized void holds(Socket connected) throws IOException {
            if (isOver) {
                close(connected);
            }
            check();
            socket = Optional.of(connected);
        }

        /// From now on the caller closes the socket.
        synchronized void succeeds() throws IOException {
            check();
            socket = Optional.empty();
        }

        /// Makes the connecting thread fail with an exception.
        synchronized void giveUp() {
            isOver = true;
            socket.ifPresent(ConnectAttempt::close);
        }

        synchronized boolean isOver() {
            return isOver;
        }

        private void check() throws IOException {
            if (isOver) {
                throw new IOException(GIVEN_UP);
            }
        }

        static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException _) {
                // its connection is given up anyway
            }
        }
    }
}
