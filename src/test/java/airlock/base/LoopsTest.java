package airlock.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void roundsFollowEachOtherAlsoAfterAFault() throws Exception {
        var rounds = new CountDownLatch(3);
        try (var loops = new Loops()) {
            loops.every(
                    Duration.ofMillis(1),
                    "a loop",
                    () -> {
                        rounds.countDown();
                        throw new IllegalStateException("on purpose");
                    });

            assertThat(rounds.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingInterruptsARoundAndWaitsForItsEnd() throws Exception {
        var begun = new CountDownLatch(1);
        var ended = new AtomicBoolean();
        try (var loops = new Loops()) {
            loops.every(
                    LONG,
                    "a loop",
                    () -> {
                        begun.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } finally {
                            ended.set(true);
                        }
                    });
            begun.await();
            assertThat(loops.await(Duration.ZERO)).isFalse();
        }
        assertThat(ended).isTrue();
    }

    @Test
    void aLoopThatIsOverBeginsNothingMore() throws Exception {
        var over = new AtomicBoolean();
        try (var loops = new Loops()) {
            loops.until(over::get, LONG, "a loop", () -> over.set(true));

            assertThat(loops.await(LONG)).isTrue();
        }
    }
}
