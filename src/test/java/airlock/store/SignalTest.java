package airlock.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class SignalTest {
    private static final Duration FOR_EVER = Duration.ofMinutes(5);

    private final Signal signal = new Signal();

    private CompletableFuture<Boolean> waiting(long heard) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        signal.await(heard, FOR_EVER);
                        return true;
                    } catch (InterruptedException e) {
                        return false;
                    }
                });
    }

    @Test
    void aRingWakesWhoWaitsAndOneThatCameBeforeTheWaitDoes() throws Exception {
        var waits = waiting(signal.count());
        signal.raise();
        assertThat(waits.get(60, TimeUnit.SECONDS)).isTrue();

        assertThat(waiting(0).get(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoeverIsNotRungForGoesOnAfterTheLongestTime() throws Exception {
        signal.await(signal.count(), Duration.ofMillis(1));
    }

    @Test
    void aFloodOfRingsIsLookedAtFarLessOftenThanItRings() throws Exception {
        var over = new AtomicBoolean();
        var looks =
                CompletableFuture.supplyAsync(
                        () -> {
                            int count = 0;
                            try {
                                while (!over.get()) {
                                    long heard = signal.count();
                                    count++;
                                    signal.await(heard, FOR_EVER);
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return count;
                        });
        long start = System.nanoTime();
        for (int times = 0; times < 50_000; times++) {
            signal.raise();
        }
        over.set(true);
        signal.raise();

        // at most one look in 20 ms, however long all that took
        int count = looks.get(60, TimeUnit.SECONDS);
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertThat((long) count).isLessThanOrEqualTo(took.toMillis() / 20 + 3);
    }
}
