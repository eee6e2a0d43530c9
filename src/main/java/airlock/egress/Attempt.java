package airlock.egress;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/// A connection that is being made, and may be given up meanwhile: nobody has to wait for an
/// address that does not answer when who wanted it has gone.
final class Attempt {
    static final String GIVEN_UP = "its client gave up first";

    private Optional<Socket> socket = Optional.empty();
    private boolean isOver;

    /// A new socket, which is closed where the attempt is given up.
    synchronized Socket open() throws IOException {
        check();
        Socket opened = SocketChannel.open().socket();
        socket = Optional.of(opened);
        return opened;
    }

    /// Takes a socket that is connected for more to be asked of it.
    synchronized void holds(Socket connected) throws IOException {
        if (isOver) {
            close(connected);
        }
        check();
        socket = Optional.of(connected);
    }

    /// The socket of the attempt has become somebody else's to close.
    synchronized void succeeds() throws IOException {
        check();
        socket = Optional.empty();
    }

    /// Whoever is connecting is told by an exception.
    synchronized void giveUp() {
        isOver = true;
        socket.ifPresent(Attempt::close);
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
            // there is nothing left of it to lose
        }
    }
}
