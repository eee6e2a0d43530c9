package airlock.statuses;

import airlock.statuses.ForgeSender.Backoff;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import static org.assertj.core.api.Assertions.assertThat;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    @Test
    void eachWaitIsTwiceTheLastUpToTheCeiling() {
        assertThat(backoff.after(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.after(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(backoff.after(9)).isEqualTo(Duration.ofSeconds(256));
        assertThat(backoff.after(10)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void noNumberOfAttemptsLeavesTheBounds() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            int attempts = random.nextInt();
            assertThat(backoff.after(attempts))
                    .as("%d", attempts)
                    .isBetween(Duration.ofSeconds(1), Duration.ofMinutes(5));
        }
    }
}
