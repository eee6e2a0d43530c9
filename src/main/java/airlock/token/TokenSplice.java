package airlock.token;

import airlock.token.TokenProxy.Carried;
import airlock.uplink.UplinkStream;
import airlock.uplink.UplinkStream.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Carries bytes between a guest's stream and a token's process, each direction until its own end.
final class TokenSplice {
    private static final int PIECE = 16 << 10;

    private final UplinkStream stream;
    private final SocketChannel socket;
    private final TokenProxy.Cap cap;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile Optional<String> refusal = Optional.empty();

    TokenSplice(UplinkStream stream, SocketChannel socket, TokenProxy.Cap cap) {
        this.stream = stream;
        this.socket = socket;
        this.cap = cap;
    }

    Carried carried() {
        return new Carried(sent.get(), received.get(), refusal);
    }

    /// Until both directions have ended, or one of them broke; the socket is closed then.
    void run() throws InterruptedException {
        var out = Thread.ofVirtual().name("token-out").start(this::guestToProcess);
        try {
            processToGuest();
            out.join();
        } finally {
            out.interrupt();
            breakOff();
            out.join();
        }
    }

    private void guestToProcess() {
        try {
            while (true) {
                switch (stream.take()) {
                    case Piece.Bytes(byte[] bytes) -> {
                        if (!may(bytes.length)) {
                            breakOff();
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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void processToGuest() throws InterruptedException {
        var piece = ByteBuffer.allocate(PIECE);
        try {
            for (int got = socket.read(piece); got >= 0; got = socket.read(piece.clear())) {
                if (!may(got)) {
                    breakOff();
                    return;
                }
                if (!stream.send(piece.array(), 0, got)) {
                    return;
                }
                received.addAndGet(got);
            }
            stream.end();
        } catch (IOException _) {
            breakOff();
        }
    }

    private boolean may(int bytes) {
        var why = cap.carries(bytes);
        if (why.isPresent()) {
            refusal = why;
        }
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
