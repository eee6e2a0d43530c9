package airlock.egress;

import airlock.egress.Gatekeeper.Decision;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/// Connects to the first of several addresses that answers.
final class DirectDialer implements Dialer {
    private final Duration patience;

    /// @param patience timeout of each address
    DirectDialer(Duration patience) {
        this.patience = patience;
    }

    @Override
    public Dialled dial(Destination destination, Decision.Let let, ConnectAttempt attempt)
            throws IOException {
        return dial(let.addresses(), destination.port(), attempt);
    }

    /// @throws IOException of the last address, if none answers
    Dialled dial(List<InetAddress> addresses, int port, ConnectAttempt attempt) throws IOException {
        IOException last = new IOException("no address");
        for (InetAddress address : addresses.stream().limit(MOST_ADDRESSES).toList()) {
            Socket socket = attempt.open();
            try {
                socket.connect(
                        new InetSocketAddress(address, port), Math.toIntExact(patience.toMillis()));
                socket.setTcpNoDelay(true);
                attempt.succeeds();
                return new Dialled(socket, address);
            } catch (IOException e) {
                ConnectAttempt.close(socket);
                last = e;
            }
        }
        throw last;
    }
}
