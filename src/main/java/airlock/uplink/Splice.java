package airlock.uplink;

import airlock.uplink.UplinkStream.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Carries bytes between a guest's stream and a socket of the host, each direction until its own
/// end.
public final class Splice {
    private static final int PIECE = 16 << 10;

    private final UplinkStream stream;
    private final SocketChannel socket;
    private final Rule rule;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile Optional<String> refusal = Optional.empty();

    /// Decides which bytes are carried.
    @FunctionalInterface
    public interface Rule {
        /// Called before that many more bytes are carried, in either direction.
        ///
        /// @return why they may not be; empty if they may
        Optional<String> carries(int more);

        /// Waits for the guest's next bytes; returns those that go on.
        default Piece next(UplinkStream stream) throws InterruptedException {
            return stream.take();
        }

        /// Sees the socket's bytes before the guest gets them.
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

    /// Why it was ended; empty if it ended by itself.
    public Optional<String> refusal() {
        return refusal;
    }

    /// Runs until both directions have ended or one broke; then the socket is closed.
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

    /// Ends it, from any thread.
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

    /// Ends both directions and wakes their threads.
    private void breakOff() {
        stream.reset();
        try {
            socket.close();
        } catch (IOException _) {
            // its connection is given up anyway
        }
    }
}
