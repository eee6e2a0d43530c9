package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int LONGEST = 1 << 20;

    private final ByteBudget budget = new ByteBudget(3 << 20);
    private final BodyReader reader = new BodyReader(Duration.ofSeconds(30), SHORT);

    @Test
    void aWholeBodyTakesNoMoreThanItNeedsAndGivesItBack() throws InterruptedException {
        try (var lease = budget.lease()) {
            var body = reader.read(zeros(8000), 8000, LONGEST, lease);
            assertThat(body).isInstanceOf(BodyReader.Body.Whole.class);
            assertThat(budget.free()).isEqualTo((3 << 20) - 8000);
        }
        assertThat(budget.free()).isEqualTo(3 << 20);
    }

    @Test
    void aClientThatOnlyPromisesMuchTakesLittle() throws InterruptedException {
        try (var lease = budget.lease()) {
            var body = reader.read(zeros(10), LONGEST, LONGEST, lease);
            assertThat(body).isInstanceOf(BodyReader.Body.Whole.class);
            assertThat(budget.free()).isEqualTo((3 << 20) - (64 << 10));
        }
    }

    @Test
    void whereOthersHoldTheMemoryItIsTooMuch() throws InterruptedException {
        try (var other = budget.lease();
                var lease = budget.lease()) {
            assertThat(other.take((3 << 20) - (70 << 10), SHORT)).isTrue();
            assertThat(reader.read(zeros(LONGEST), LONGEST, LONGEST, lease))
                    .isInstanceOf(BodyReader.Body.NoRoom.class);
        }
        assertThat(budget.free()).isEqualTo(3 << 20);
    }

    @Test
    void lengthsAreHeldAgainstTheLimitDeclaredOrNot() throws InterruptedException {
        assertThat(read(zeros(LONGEST), LONGEST)).isInstanceOf(BodyReader.Body.Whole.class);
        assertThat(read(zeros(LONGEST), -1)).isInstanceOf(BodyReader.Body.Whole.class);
        assertThat(read(zeros(LONGEST + 1), -1)).isInstanceOf(BodyReader.Body.TooLong.class);
        assertThat(read(zeros(LONGEST + 1), LONGEST + 1L))
                .isInstanceOf(BodyReader.Body.TooLong.class);
        assertThat(read(zeros(0), Long.MAX_VALUE)).isInstanceOf(BodyReader.Body.TooLong.class);
        assertThat(read(zeros(0), 0)).isInstanceOf(BodyReader.Body.Whole.class);
    }

    @Test
    void timeIsHeldAgainstTheLimit() throws InterruptedException {
        var hasty = new BodyReader(Duration.ofNanos(1), SHORT);
        try (var lease = budget.lease()) {
            assertThat(hasty.read(zeros(10), -1, LONGEST, lease))
                    .isInstanceOf(BodyReader.Body.TooSlow.class);
        }
    }

    @Test
    void aClientThatGoesAwayIsNoFault() throws InterruptedException {
        var broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return read();
                    }
                };
        assertThat(read(broken, 10)).isInstanceOf(BodyReader.Body.Broken.class);
    }

    private BodyReader.Body read(InputStream input, long declared) throws InterruptedException {
        try (var lease = budget.lease()) {
            return reader.read(input, declared, LONGEST, lease);
        }
    }

    private static InputStream zeros(int length) {
        return new ByteArrayInputStream(new byte[length]);
    }
}
