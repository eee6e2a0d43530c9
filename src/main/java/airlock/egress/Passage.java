package airlock.egress;

import airlock.egress.ConnectServer.Spending;
import airlock.uplink.Splice;
import airlock.uplink.UplinkStream;
import airlock.uplink.UplinkStream.Piece;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// An open connection of a guest. Carries bytes as long as the guest's hello is for the allowed
/// server, the phase is within its caps, and the connection is not idle.
final class Passage implements Splice.Rule {
    private final Splice splice;
    private final Optional<HelloWatch> watch;
    private final Times times;
    private final Spending spending;
    private final long since = System.nanoTime();

    /// When bytes were last carried, by `System.nanoTime()`.
    private final AtomicLong last = new AtomicLong(since);

    /// Timeouts of a connection.
    ///
    /// @param hello for the client's hello
    /// @param idle without bytes in either direction
    record Times(Duration hello, Duration idle) {}

    /// @param watch checks the guest's first bytes; empty if they may be anything
    /// @param spending counts the bytes of the phase
    Passage(
            UplinkStream stream,
            SocketChannel socket,
            Optional<HelloWatch> watch,
            Times times,
            Spending spending) {
        this.watch = watch;
        this.times = times;
        this.spending = spending;
        this.splice = new Splice(stream, socket, this);
    }

    /// Knows how many bytes were carried, and why it was ended.
    Splice splice() {
        return splice;
    }

    /// Runs until both directions have ended or one broke; then the socket is closed.
    void run() throws InterruptedException {
        var over = new CountDownLatch(1);
        var idle = Thread.ofVirtual().name("egress-idle").start(() -> endIdle(over));
        try {
            splice.run();
        } finally {
            over.countDown();
            idle.join();
        }
    }

    /// Ends both directions if the connection is idle.
    private void endIdle(CountDownLatch over) {
        try {
            long most = times.idle().toNanos();
            long left = most;
            while (left > 0) {
                if (over.await(left, TimeUnit.NANOSECONDS)) {
                    return;
                }
                left = most - (System.nanoTime() - last.get());
            }
            splice.end(
                    "was ended: nothing came or went for %d s (network.idle)"
                            .formatted(times.idle().toSeconds()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Optional<String> carries(int more) {
        last.set(System.nanoTime());
        return spending.carries(more);
    }

    @Override
    public void answered(ByteBuffer bytes) {
        watch.ifPresent(hello -> hello.answered(bytes));
    }

    /// Limits the time for a hello, so that a client can't hold a connection without one.
    @Override
    public Piece next(UplinkStream stream) throws InterruptedException {
        if (watch.isEmpty() || watch.get().isOver()) {
            return stream.take();
        }
        HelloWatch hello = watch.get();
        if (hello.isHolding()) {
            return hello.awaitAnswer(left())
                    ? checked(hello, new byte[0])
                    : refused("did not wait for the server's answer");
        }
        var piece = hello.isTimed() ? stream.take(left()) : Optional.of(stream.take());
        if (piece.isEmpty()) {
            return refused(
                    "took longer than %d s to say hello".formatted(times.hello().toSeconds()));
        }
        return piece.get() instanceof Piece.Bytes(byte[] bytes)
                ? checked(hello, bytes)
                : piece.get();
    }

    private Duration left() {
        return times.hello().minusNanos(System.nanoTime() - since);
    }

    private Piece checked(HelloWatch hello, byte[] bytes) {
        byte[] through = hello.feed(bytes);
        return hello.refusal().map(this::refused).orElseGet(() -> new Piece.Bytes(through));
    }

    private Piece refused(String why) {
        splice.end("was ended: the client " + why);
        return new Piece.Broken();
    }
}
