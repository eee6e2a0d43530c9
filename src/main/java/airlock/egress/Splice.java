package airlock.egress;

import airlock.uplink.UplinkStream;
import airlock.uplink.UplinkStream.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Carries bytes between a guest's stream and a socket, each direction until its own end.
final class Splice {
    private static final int PIECE = 16 << 10;

    private final UplinkStream stream;
    private final Socket socket;
    private final Optional<HelloWatch> watch;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile Optional<String> refusal = Optional.empty();

    /// @param watch of what the guest sends first; empty where that may be anything
    Splice(UplinkStream stream, Socket socket, Optional<HelloWatch> watch) {
        this.stream = stream;
        this.socket = socket;
        this.watch = watch;
    }

    /// Bytes from the guest to the socket.
    long sent() {
        return sent.get();
    }

    /// Bytes from the socket to the guest.
    long received() {
        return received.get();
    }

    /// Why the watch refused what the guest sent; empty where it did not.
    Optional<String> refusal() {
        return refusal;
    }

    /// Until both directions have ended, or one of them broke; the socket is closed then.
    void run() throws InterruptedException {
        var out = Thread.ofVirtual().name("egress-out").start(this::guestToSocket);
        try {
            socketToGuest();
            out.join();
        } finally {
            out.interrupt();
            breakOff();
            out.join();
        }
    }

    private void guestToSocket() {
        try {
            OutputStream out = socket.getOutputStream();
            while (true) {
                switch (stream.take()) {
                    case Piece.Bytes(byte[] bytes) -> {
                        var checked = checked(bytes);
                        if (checked.isEmpty()) {
                            breakOff();
                            return;
                        }
                        out.write(checked.orElseThrow());
                        sent.addAndGet(checked.orElseThrow().length);
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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What may go on; empty where the connection has to end.
    private Optional<byte[]> checked(byte[] bytes) {
        if (watch.isEmpty() || watch.orElseThrow().isOver()) {
            return Optional.of(bytes);
        }
        return switch (watch.orElseThrow().feed(ByteBuffer.wrap(bytes))) {
            case HelloWatch.Next.Forward(byte[] through) -> Optional.of(through);
            case HelloWatch.Next.Refuse(var why) -> {
                refusal = Optional.of(why);
                yield Optional.empty();
            }
        };
    }

    private void socketToGuest() throws InterruptedException {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = socket.getInputStream();
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                if (!stream.send(piece, 0, got)) {
                    return;
                }
                received.addAndGet(got);
            }
            stream.end();
        } catch (IOException _) {
            breakOff();
        }
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
