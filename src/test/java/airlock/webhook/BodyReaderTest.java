package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
    private static final int PIECE = 64 << 10;
    private static final long CAP = 300_000;

    private final BodyBudget budget = new BodyBudget(1 << 20);
    private final List<byte[]> used = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final BodyReader reader = new BodyReader(budget, Duration.ofSeconds(30), () -> now);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 300_000})
    void aBodyUpToTheCapArrivesWhole(int length) {
        byte[] body = new byte[length];
        RandomGeneratorFactory.of("L64X128MixRandom").create(length).nextBytes(body);

        assertThat(read(new ByteArrayInputStream(body)).status()).isEqualTo(200);
        assertThat(used).singleElement().isEqualTo(body);
        assertThat(budget.used()).isZero();
    }

    @Test
    void oneByteMoreIsTooLarge() {
        assertThat(read(new ByteArrayInputStream(new byte[300_001])).status()).isEqualTo(413);
        assertThat(used).isEmpty();
        assertThat(budget.used()).isZero();
    }

    @Test
    void anEndlessBodyIsReadNoFurtherThanItsCap() {
        var endless = new Endless(() -> {});

        assertThat(read(endless).status()).isEqualTo(413);
        assertThat(endless.given).isLessThan(CAP + 2 * PIECE);
    }

    @Test
    void bodiesTogetherStayWithinTheBudget() {
        assertThat(budget.take((1 << 20) - PIECE)).isTrue();

        assertThat(read(new ByteArrayInputStream(new byte[100])).status()).isEqualTo(200);
        assertThat(read(new ByteArrayInputStream(new byte[PIECE])).status()).isEqualTo(503);
        assertThat(budget.used()).isEqualTo((1 << 20) - PIECE);
    }

    @Test
    void theBudgetIsHeldWhileTheBodyIsUsed() {
        reader.with(
                new ByteArrayInputStream(new byte[100]),
                CAP,
                _ -> {
                    assertThat(budget.used()).isEqualTo(PIECE);
                    return new HookAnswer.NothingToDo("used");
                });

        assertThat(budget.used()).isZero();
    }

    @Test
    void aSenderWhoDripsIsNotWaitedFor() {
        var dripping = new Endless(() -> now = now.plusSeconds(7));

        assertThat(read(dripping).status()).isEqualTo(408);
        assertThat(dripping.given).isEqualTo(5);
        assertThat(budget.used()).isZero();
    }

    @Test
    void aConnectionThatBreaksIsNoFault() {
        var broken =
                new Endless(
                        () -> {
                            throw new IOException("reset");
                        });

        assertThat(read(broken).status()).isEqualTo(400);
        assertThat(budget.used()).isZero();
    }

    private HookAnswer read(InputStream body) {
        return reader.with(
                body,
                CAP,
                all -> {
                    used.add(all);
                    return new HookAnswer.NothingToDo("used");
                });
    }

    private interface BeforeByte {
        void happens() throws IOException;
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
