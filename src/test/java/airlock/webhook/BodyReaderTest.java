package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
    private static final int FIRST = BodyReader.FIRST;
    private static final int PIECE = 64 << 10;
    private static final long CAP = 300_000;

    private static final int BODIES = 4;
    private static final int REST = 1 << 20;

    private final List<byte[]> used = new ArrayList<>();
    private Duration now = Duration.ofSeconds(-3);
    private final BodyReader reader =
            new BodyReader(BODIES, REST, Duration.ofSeconds(30), () -> now.toNanos());

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + PIECE, FIRST + PIECE + 1, 300_000})
    void aBodyUpToTheCapArrivesWhole(int length) {
        byte[] body = new byte[length];
        RandomGeneratorFactory.of("L64X128MixRandom").create(length).nextBytes(body);

        assertThat(read(new ByteArrayInputStream(body)).status()).isEqualTo(200);
        assertThat(used).singleElement().isEqualTo(body);
        assertNothingIsHeld();
    }

    @Test
    void oneByteMoreIsTooLarge() {
        assertThat(read(new ByteArrayInputStream(new byte[300_001])).status()).isEqualTo(413);
        assertThat(used).isEmpty();
        assertNothingIsHeld();
    }

    @Test
    void anEndlessBodyIsReadNoFurtherThanItsCap() {
        var endless = new Endless(() -> {});

        assertThat(read(endless).status()).isEqualTo(413);
        assertThat(endless.given).isLessThan(CAP + 2 * PIECE);
    }

    @Test
    void bodiesTogetherStayWithinTheBudget() {
        assertThat(reader.rest.tryAcquire(REST - PIECE)).isTrue();

        assertThat(read(new ByteArrayInputStream(new byte[PIECE])).status()).isEqualTo(200);
        assertThat(read(new ByteArrayInputStream(new byte[2 * PIECE])).status()).isEqualTo(503);
        assertThat(reader.rest.availablePermits()).isEqualTo(PIECE);
    }

    @Test
    void largeBodiesDoNotKeepOutSmallOnes() {
        assertThat(reader.rest.tryAcquire(REST)).isTrue();

        assertThat(read(new ByteArrayInputStream(new byte[FIRST])).status()).isEqualTo(503);
        assertThat(read(new ByteArrayInputStream(new byte[FIRST - 1])).status()).isEqualTo(200);
    }

    @Test
    void noMoreBodiesAreReadAtOnceThanThereIsRoomFor() {
        for (int i = 0; i < BODIES; i++) {
            assertThat(reader.firsts.tryAcquire()).isTrue();
        }

        assertThat(read(new ByteArrayInputStream(new byte[1])).status()).isEqualTo(503);
        reader.firsts.release();
        assertThat(read(new ByteArrayInputStream(new byte[1])).status()).isEqualTo(200);
    }

    @Test
    void ofLongBodiesOneIsUsedAtATime() throws Exception {
        var second =
                Thread.ofPlatform()
                        .unstarted(() -> read(new ByteArrayInputStream(new byte[FIRST + 100])));
        reader.with(
                new ByteArrayInputStream(new byte[FIRST + 100]),
                CAP,
                _ -> {
                    second.start();
                    Awaitility.await().until(() -> second.getState() == Thread.State.BLOCKED);
                    assertThat(read(new ByteArrayInputStream(new byte[100])).status())
                            .as("a short one")
                            .isEqualTo(200);
                    assertThat(used).hasSize(1);
                    return new HookAnswer.NothingToDo("used");
                });
        second.join();
        assertThat(used).hasSize(2);
    }

    @Test
    void theBudgetIsHeldWhileTheBodyIsUsed() {
        reader.with(
                new ByteArrayInputStream(new byte[FIRST + 100]),
                CAP,
                _ -> {
                    assertThat(reader.firsts.availablePermits()).isEqualTo(BODIES - 1);
                    assertThat(reader.rest.availablePermits()).isEqualTo(REST - PIECE);
                    return new HookAnswer.NothingToDo("used");
                });

        assertNothingIsHeld();
    }

    @Test
    void aSenderWhoDripsIsNotWaitedFor() {
        var dripping = new Endless(() -> now = now.plusSeconds(2));

        assertThat(read(dripping).status()).isEqualTo(408);
        assertThat(dripping.given).isEqualTo(3);
        assertNothingIsHeld();
    }

    @Test
    void aSlowNetworkIsWaitedForUpToTheLimit() {
        var slow = new InPieces(200_000, 40_000, () -> now = now.plusSeconds(2));
        assertThat(read(slow).status()).isEqualTo(200);

        var slower = new InPieces(300_000, 18_000, () -> now = now.plusSeconds(2));
        assertThat(read(slower).status()).isEqualTo(408);

        var longer = new InPieces(2_000_000, 60_000, () -> now = now.plusSeconds(2));
        Duration start = now;
        assertThat(read(longer, 2_000_000).status()).isEqualTo(408);
        assertThat(now.minus(start)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(34));
    }

    @Test
    void aConnectionThatBreaksIsNoFault() {
        var broken =
                new Endless(
                        () -> {
                            throw new IOException("reset");
                        });

        assertThat(read(broken).status()).isEqualTo(400);
        assertNothingIsHeld();
    }

    private void assertNothingIsHeld() {
        assertThat(reader.firsts.availablePermits()).isEqualTo(BODIES);
        assertThat(reader.rest.availablePermits()).isEqualTo(REST);
    }

    private HookAnswer read(InputStream body) {
        return read(body, CAP);
    }

    private HookAnswer read(InputStream body, long cap) {
        return reader.with(
                body,
                cap,
                all -> {
                    used.add(all);
                    return new HookAnswer.NothingToDo("used");
                });
    }

    private interface BeforeByte {
        void happens() throws IOException;
    }

    /// `length` bytes, up to `piece` at a time.
    private static final class InPieces extends InputStream {
        private final int piece;
        private final Runnable before;
        private int left;

        InPieces(int length, int piece, Runnable before) {
            this.left = length;
            this.piece = piece;
            this.before = before;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("not read by single bytes");
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            before.run();
            int count = Math.min(left, Math.min(length, piece));
            left -= count;
            return count;
        }
    }

    private static final class Endless extends InputStream {
        private final BeforeByte before;
        private long given;

        Endless(BeforeByte before) {
            this.before = before;
        }

        @Override
        public int read() throws IOException {
            before.happens();
            given++;
            return 'x';
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            into[offset] = (byte) read();
            return 1;
        }
    }
}
