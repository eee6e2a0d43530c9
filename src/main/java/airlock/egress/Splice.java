package airlock.egress;

import airlock.uplink.UplinkStream;
import airlock.uplink.UplinkStream.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Carries bytes between a guest's stream and a socket, each direction until its own end.
final class Splice {
    private static final int PIECE = 16 << 10;
    private static final String CLIENT = "was ended: the client ";
    private static final Optional<byte[]> NOTHING = Optional.empty();

    private final UplinkStream stream;
    private final Socket socket;
    private final Optional<HelloWatch> watch;
    private final Times times;
    private final Spending spending;
    private final long since = System.nanoTime();

    /// When bytes were last carried, by `System.nanoTime()`.
    private final AtomicLong last = new AtomicLong(since);

    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile Optional<String> refusal = Optional.empty();

    /// What a connection may take.
    ///
    /// @param hello how long the watch may take to be satisfied
    /// @param idle how long nothing may be carried in either direction
    record Times(Duration hello, Duration idle) {}

    /// @param watch of what the guest sends first; empty where that may be anything
    /// @param spending what each piece is counted in
    Splice(
            UplinkStream stream,
            Socket socket,
            Optional<HelloWatch> watch,
            Times times,
            Spending spending) {
        this.stream = stream;
        this.socket = socket;
        this.watch = watch;
        this.times = times;
        this.spending = spending;
    }

    /// Bytes from the guest to the socket.
    long sent() {
        return sent.get();
    }

    /// Bytes from the socket to the guest.
    long received() {
        return received.get();
    }

    /// Why it was ended: the watch refused what the guest sent, or a cap was reached; empty where
    /// neither was so.
    Optional<String> refusal() {
        return refusal;
    }

    /// Until both directions have ended, or one of them broke; the socket is closed then.
    void run() throws InterruptedException {
        var out = Thread.ofVirtual().name("egress-out").start(this::guestToSocket);
        var idle = Thread.ofVirtual().name("egress-idle").start(this::endIdle);
        try {
            socketToGuest();
            out.join();
        } finally {
            out.interrupt();
            over.countDown();
            breakOff();
            out.join();
            idle.join();
        }
    }

    /// Whichever direction waits, and for whom: both end.
    private void endIdle() {
        try {
            long most = times.idle().toNanos();
            long left = most;
            while (left > 0) {
                if (over.await(left, TimeUnit.NANOSECONDS)) {
                    return;
                }
                left = most - (System.nanoTime() - last.get());
            }
            refusal =
                    Optional.of(
                            "was ended: nothing came or went for %d s (network.idle)"
                                    .formatted(times.idle().toSeconds()));
            breakOff();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void guestToSocket() {
        try {
            OutputStream out = socket.getOutputStream();
            while (true) {
                switch (next()) {
                    case Piece.Bytes(byte[] bytes) -> {
                        var checked = carried(bytes.length) ? checked(bytes) : NOTHING;
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

    /// A hello has to be whole in time: who never ends it would hold a connection for nothing.
    private Piece next() throws InterruptedException {
        if (watch.isEmpty() || watch.orElseThrow().isOver()) {
            return stream.take();
        }
        var piece = stream.take(times.hello().minusNanos(System.nanoTime() - since));
        if (piece.isEmpty()) {
            refusal =
                    Optional.of(
                            CLIENT
                                    + "took longer than %d s to say hello"
                                            .formatted(times.hello().toSeconds()));
        }
        return piece.orElseGet(Piece.Broken::new);
    }

    private boolean carried(int bytes) {
        last.set(System.nanoTime());
        var why = spending.carries(bytes);
        if (why.isPresent()) {
            refusal = why;
        }
        return why.isEmpty();
    }

    /// What may go on; empty where the connection has to end.
    private Optional<byte[]> checked(byte[] bytes) {
        if (watch.isEmpty() || watch.orElseThrow().isOver()) {
            return Optional.of(bytes);
        }
        return switch (watch.orElseThrow().feed(ByteBuffer.wrap(bytes))) {
            case HelloWatch.Next.Forward(byte[] through) -> Optional.of(through);
            case HelloWatch.Next.Refuse(var why) -> {
                refusal = Optional.of(CLIENT + why);
                yield Optional.empty();
            }
        };
    }

    private void socketToGuest() throws InterruptedException {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = socket.getInputStream();
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                if (!carried(got)) {
                    breakOff();
                    return;
                }
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
