package airlock.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/// Connects to where a guest was let.
interface Dialer {
    /// More addresses than that of one host are not tried.
    int MOST_ADDRESSES = 8;

    /// Connects to the first address that answers.
    ///
    /// @throws IOException where it can't be reached, or the attempt is given up
    Dialled dial(Destination destination, Gatekeeper.Decision.Let let, Attempt attempt)
            throws IOException;

    /// A connection that stands.
    ///
    /// @param address the host's; the upstream proxy's where that has looked the name up
    record Dialled(Socket socket, InetAddress address) {
        /// The same as a channel, which every [Attempt] makes.
        SocketChannel channel() {
            return Objects.requireNonNull(socket.getChannel(), "a socket without a channel");
        }
    }
}
