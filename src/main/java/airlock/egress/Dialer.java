package airlock.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/// Connects to the first of several addresses that answers.
final class Dialer {
    private final Duration patience;

    /// @param patience with each address
    Dialer(Duration patience) {
        this.patience = patience;
    }

    /// @throws IOException of the last address, where none answers
    Socket dial(List<InetAddress> addresses, int port) throws IOException {
        IOException last = new IOException("no address");
        for (InetAddress address : addresses) {
            var socket = new Socket();
            try {
                socket.connect(
                        new InetSocketAddress(address, port), Math.toIntExact(patience.toMillis()));
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }
}
