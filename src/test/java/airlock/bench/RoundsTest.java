package airlock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void bothAreMeasuredInTurnAndTheMiddleOnesAreGiven() throws Exception {
        var order = new ArrayList<String>();
        var ours = new ArrayDeque<>(List.of(9.0, 1.0, 2.0));
        var theirs = new ArrayDeque<>(List.of(5.0, 4.0, 90.0));

        var medians =
                new Rounds("a figure", 3)
                        .alternate(
                                () -> {
                                    order.add("ours");
                                    return ours.remove();
                                },
                                () -> {
                                    order.add("reference");
                                    return theirs.remove();
                                });

        assertThat(medians).isEqualTo(new Rounds.Medians(2, 5));
        assertThat(order)
                .containsExactly("reference", "ours", "reference", "ours", "reference", "ours");
    }

    @Test
    void ofTwoHundredTimesTwoAreLaterThanTheNinetyNinthPercentile() {
        var sorted = new long[200];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (i + 1) * 1_000_000L;
        }

        var outcome = new HookLoad.Outcome(1, sorted);

        assertThat(outcome.milliseconds(0.99)).isEqualTo(198);
        assertThat(outcome.milliseconds(0.5)).isEqualTo(100);
        assertThat(outcome.milliseconds(1)).isEqualTo(200);
    }
}
