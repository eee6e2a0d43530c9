package airlock.uplink;

import airlock.uplink.UplinkStream.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Carries bytes between a guest's stream and a socket of the host's, each direction until its own
/// end.
public final class Splice {
    private static final int PIECE = 16 << 10;

    private final UplinkStream stream;
    private final SocketChannel socket;
    private final Rule rule;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile Optional<String> refusal = Optional.empty();

    /// What may be carried.
    @FunctionalInterface
    public interface Rule {
        /// So many more bytes are about to be, in either direction.
        ///
        /// @return why there may be no more of them; empty where there may
        Optional<String> carries(int more);

        /// Waits for what the guest sends next.
        ///
        /// @return what of it goes on
        default Piece next(UplinkStream stream) throws InterruptedException {
            return stream.take();
        }

        /// The socket has sent these bytes, which the guest gets next.
        default void answered(ByteBuffer bytes) {}
    }

    /// @param socket connected, in blocking mode
    public Splice(UplinkStream stream, SocketChannel socket, Rule rule) {
        this.stream = stream;
        this.socket = socket;
        this.rule = rule;
    }

    /// Bytes from the guest to the socket.
    public long sent() {
        return sent.get();
    }

    /// Bytes from the socket to the guest.
    public long received() {
        return received.get();
    }

    /// Why it was ended; empty where it ended by itself.
    public Optional<String> refusal() {
        return refusal;
    }

    /// Until both directions have ended, or one of them broke; the socket is closed then.
    public void run() throws InterruptedException {
        var out = Thread.ofVirtual().name("splice-out").start(this::guestToSocket);
        try {
            socketToGuest();
            out.join();
        } finally {
            out.interrupt();
            breakOff();
            out.join();
        }
    }

    /// Ends it, in whatever thread.
    ///
    /// @param why for people
    public void end(String why) {
        refusal = Optional.of(why);
        breakOff();
    }

    private void guestToSocket() {
        try {
            while (true) {
                switch (rule.next(stream)) {
                    case Piece.Bytes(byte[] bytes) -> {
                        if (!carries(bytes.length)) {
                            return;
                        }
                        var all = ByteBuffer.wrap(bytes);
                        while (all.hasRemaining()) {
                            socket.write(all);
                        }
                        sent.addAndGet(bytes.length);
                    }
                    case Piece.Ended _ -> {
                        socket.shutdownOutput();
                        return;
                    }
                    case Piece.Broken _ -> {
                        breakOff();
                        return;
                    }
                }
            }
        } catch (IOException _) {
            breakOff();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void socketToGuest() throws InterruptedException {
        var piece = ByteBuffer.allocate(PIECE);
        try {
            for (int got = socket.read(piece); got >= 0; got = socket.read(piece.clear())) {
                rule.answered(piece.duplicate().flip());
                if (!carries(got) || !stream.send(piece.array(), 0, got)) {
                    return;
                }
                received.addAndGet(got);
            }
            stream.end();
        } catch (IOException _) {
            breakOff();
        }
    }

    private boolean carries(int bytes) {
        var why = rule.carries(bytes);
        why.ifPresent(this::end);
        return why.isEmpty();
    }

    /// Ends both directions, so that nobody waits for either.
    private void breakOff() {
        stream.reset();
        try {
            socket.close();
        } catch (IOException _) {
            // there is nothing left of it to lose
        }
    }
}
