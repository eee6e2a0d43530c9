package airlock.egress;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/// A connection that is being made and can be given up meanwhile, so that no thread waits for an
/// address that does not answer after the client has gone.
final class ConnectAttempt {
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
