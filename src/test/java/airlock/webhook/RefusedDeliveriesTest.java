package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.webhook.WebhookIntake.RefusedDeliveries;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RefusedDeliveriesTest {
    private Instant now = Instant.parse("2026-12-02T07:00:00Z");
    private final RefusedDeliveries refused = new RefusedDeliveries(() -> now);

    @Test
    void theFirstHasALineAndWhatFollowsAtOnceIsCounted() {
        assertThat(refused.line("demo/alice/hello", "its signature is wrong"))
                .hasValue("a delivery for demo/alice/hello was refused: its signature is wrong");
        for (int i = 0; i < 1_234; i++) {
            assertThat(refused.line("demo/x" + i, "there is no such hook")).isEmpty();
        }
        now = now.plus(RefusedDeliveries.EVERY);
        assertThat(refused.line("demo/y", "there is no such hook").orElseThrow())
                .endsWith("; 1,234 more since the last such line");
    }

    @Test
    void aNameThatAStrangerMadeUpIsCutAndCannotBreakTheLine() {
        assertThat(refused.line("x\n\u001b[31m\u202e" + "y".repeat(9_000), "no").orElseThrow())
                .hasSizeLessThan(300)
                .doesNotContain("\n", "\u001b", "\u202e");
    }

    @Test
    void aClockThatIsSetBackDoesNotSilenceTheLog() {
        refused.line("demo/a", "no");
        now = now.minus(Duration.ofDays(1));
        assertThat(refused.line("demo/b", "no")).isPresent();
    }
}
