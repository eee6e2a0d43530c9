package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.results.PhaseTimes;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Where the time of a VM went, as pages show it.
class VmTimeTest {
    @Test
    void theTimesOfAVmAreSummedToStartWorkAndEnd() {
        var parts =
                Map.of(
                        "template", Duration.ofMillis(1),
                        "drives", Duration.ofMillis(3),
                        "boot", Duration.ofMillis(6),
                        "work", Duration.ofMillis(100),
                        "end", Duration.ofMillis(10),
                        "gate", Duration.ofMillis(7));
        assertThat(VmTime.of(new PhaseTimes("ready", parts)).text())
                .isEqualTo("VM (ready clone): start 0.0 s, work 0.1 s, end 0.0 s");
        assertThat(VmTime.of(new PhaseTimes("ready", parts)))
                .isEqualTo(
                        new VmTime(
                                "ready clone",
                                Duration.ofMillis(10),
                                Duration.ofMillis(100),
                                Duration.ofMillis(10)));
        assertThat(VmTime.of(PhaseTimes.UNKNOWN).isKnown()).isFalse();
    }
}
