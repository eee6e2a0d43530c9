package airlock.egress;

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

/// A guest's connection that stands: its bytes are carried while what the guest says first is what
/// it was let for, the phase has not carried its most, and something comes or goes.
final class Passage {
    private static final String CLIENT = "was ended: the client ";

    private final Splice splice;
    private final Times times;
    private final long since = System.nanoTime();

    /// When bytes were last carried, by `System.nanoTime()`.
    private final AtomicLong last = new AtomicLong(since);

    /// What a connection may take.
    ///
    /// @param hello how long the watch may take to be satisfied
    /// @param idle how long nothing may be carried in either direction
    record Times(Duration hello, Duration idle) {}

    /// @param watch of what the guest sends first; empty where that may be anything
    /// @param spending what each piece is counted in
    Passage(
            UplinkStream stream,
            SocketChannel socket,
            Optional<HelloWatch> watch,
            Times times,
            Spending spending) {
        this.splice = new Splice(stream, socket, new Watched(watch, spending));
        this.times = times;
    }

    /// What it has carried, and why it was ended.
    Splice splice() {
        return splice;
    }

    /// Until both directions have ended, or one of them broke; the socket is closed then.
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

    /// Whichever direction waits, and for whom: both end.
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

    /// What may be carried here.
    private final class Watched implements Splice.Rule {
        private final Optional<HelloWatch> watch;
        private final Spending spending;

        Watched(Optional<HelloWatch> watch, Spending spending) {
            this.watch = watch;
            this.spending = spending;
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

        /// A hello has to be whole in time: who never ends it would hold a connection for nothing.
        @Override
        public Piece next(UplinkStream stream) throws InterruptedException {
            if (watch.isEmpty() || watch.orElseThrow().isOver()) {
                return stream.take();
            }
            HelloWatch hello = watch.orElseThrow();
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
            return piece.orElseThrow() instanceof Piece.Bytes(byte[] bytes)
                    ? checked(hello, bytes)
                    : piece.orElseThrow();
        }

        private Duration left() {
            return times.hello().minusNanos(System.nanoTime() - since);
        }

        private Piece checked(HelloWatch hello, byte[] bytes) {
            return switch (hello.feed(ByteBuffer.wrap(bytes))) {
                case HelloWatch.Next.Forward(byte[] through) -> new Piece.Bytes(through);
                case HelloWatch.Next.Refuse(var why) -> refused(why);
            };
        }

        private Piece refused(String why) {
            splice.end(CLIENT + why);
            return new Piece.Broken();
        }
    }
}
