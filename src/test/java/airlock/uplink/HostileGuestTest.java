package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.Terminal.WindowSize;
import airlock.uplink.Uplink.Offer;
import airlock.uplink.Uplink.OpenRate;
import airlock.uplink.UplinkStream.Piece;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A million frames of hostile guests, with fixed seeds: each uplink ends without remains, and an
/// honest guest beside them notices nothing.
class HostileGuestTest {
    private static final int FRAMES = 1_000_000;
    private static final int BETWEEN = 500; // connections between two checks of the honest guest

    private final AtomicInteger serving = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private int closed;
    private int broken;
    private long terminals;

    /// Acts like different servers.
    private void serve(Offer offer) throws InterruptedException {
        most.accumulateAndGet(serving.incrementAndGet(), Math::max);
        try {
            serve(offer, offer.number() / 2 % 6);
        } finally {
            serving.decrementAndGet();
        }
    }

    private static void serve(Offer offer, int way) throws InterruptedException {
        switch (way) {
            case 0 -> offer.refuse("is not on the list");
            case 1 -> {
                var stream = offer.accept();
                while (stream.take() instanceof Piece.Bytes(byte[] bytes)) {
                    stream.send(bytes, 0, bytes.length);
                }
                stream.end();
            }
            case 2 -> {
                offer.accept();
                new CountDownLatch(1).await();
            }
            case 3 -> offer.accept().send(new byte[1 << 20], 0, 1 << 20);
            case 4 -> {
                var stream = offer.accept();
                stream.end();
                var piece = stream.take();
                while (piece instanceof Piece.Bytes) {
                    piece = stream.take();
                }
            }
            default -> {} // no answer
        }
    }

    /// Holds all bytes back until the host has opened its terminal.
    private static final class Gate extends InputStream {
        private final ByteArrayInputStream bytes;
        private final CountDownLatch open;

        Gate(byte[] bytes, CountDownLatch open) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.open = open;
        }

        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return bytes.read(to, offset, length);
        }
    }

    /// Takes everything; the host's first open frame opens the gate.
    private static OutputStream taking(CountDownLatch gate) {
        return new OutputStream() {
            @Override
            public void write(int one) {
                throw new AssertionError("frames are written whole");
            }

            @Override
            public void write(byte[] frame) {
                if (frame[0] == FrameCodec.OPEN) {
                    gate.countDown();
                }
            }
        };
    }

    private int connection(long seed) throws InterruptedException {
        boolean terminal = seed % 5 == 0;
        var speech = HostileFrames.of(seed, terminal);
        var gate = new CountDownLatch(terminal ? 1 : 0);
        var uplink =
                new Uplink(
                        new Gate(speech.bytes(), gate),
                        taking(gate),
                        this::serve,
                        new OpenRate(10_000, 1, () -> 0),
                        Duration.ZERO);
        var reads = Thread.ofVirtual().unstarted(() -> read(uplink));
        if (terminal) {
            reads.start();
        }
        if (uplink.run().isEmpty()) {
            closed++;
        } else {
            broken++;
        }
        if (terminal) {
            reads.join();
        }
        assertThat(serving).as("threads left over by seed %d", seed).hasValue(0);
        return speech.frames();
    }

    private void read(Uplink uplink) {
        try {
            if (uplink.openTerminal(new WindowSize(80, 24), Duration.ofMinutes(5))
                    instanceof Terminal.Opening.Opened(var terminal)) {
                try (terminal) {
                    while (terminal.next() instanceof Terminal.Said.Output) {
                        terminals++;
                    }
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stillEchoes(TestGuest honest, int round) throws IOException {
        byte[] said = ("round " + round).getBytes(StandardCharsets.US_ASCII);
        honest.say(new Frame.Data(1, said));
        assertThat(((Frame.Data) honest.hears()).bytes()).isEqualTo(said);
    }

    @Test
    @Timeout(value = 10 * 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aMillionHostileFramesHarmNobody() throws Exception {
        try (var honest = TestGuest.greeted(TestGuest::echo)) {
            honest.opens(new Frame.Open(1, Frame.Kind.CONNECT, "a.example:443"));
            int said = 0;
            for (int seed = 0; said < FRAMES; seed++) {
                said += connection(seed);
                if (seed % BETWEEN == 0) {
                    stillEchoes(honest, seed);
                }
            }
        }
        assertThat(most.get()).isBetween(10, Uplink.MOST_STREAMS);
        // each kind of end did occur
        assertThat(closed).isGreaterThan(1000);
        assertThat(broken).isGreaterThan(1000);
        assertThat(terminals).isPositive();
    }
}
