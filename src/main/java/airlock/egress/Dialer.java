package airlock.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/// Connects to a destination that the gatekeeper allowed.
interface Dialer {
    /// How many addresses of one host are tried.
    int MOST_ADDRESSES = 8;

    /// Connects to the first address that answers.
    ///
    /// @throws IOException if it can't be reached, or the attempt is given up
    Dialled dial(Destination destination, Gatekeeper.Decision.Let let, ConnectAttempt attempt)
            throws IOException;

    /// An open connection.
    ///
    /// @param address the host's, or the upstream proxy's if that looked the name up
    record Dialled(Socket socket, InetAddress address) {
        /// The socket's channel, which every [ConnectAttempt] makes.
        SocketChannel channel() {
            return Objects.requireNonNull(socket.getChannel(), "a socket without a channel");
        }
    }
}
