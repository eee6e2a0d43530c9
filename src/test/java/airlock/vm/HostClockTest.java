package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostClockTest {
    private static final String CPU =
            """
            processor\t: 0
            cpu MHz\t\t: 2596.096
            flags\t\t: fpu vme tsc constant_tsc nonstop_tsc
            bogomips\t: 5192.19
            """;

    @Test
    void theKernelsOwnFigureGivesTheFrequency() {
        assertThat(QemuCommand.HostClock.option(CPU + CPU)).contains("tsc_early_khz=2596095");
        assertThat(QemuCommand.HostClock.option(CPU.replace("5192.19", "900.00")))
                .contains("tsc_early_khz=450000");
    }

    @Test
    void aCounterThatChangesAndAMachineThatDoesNotTellGiveNone() {
        assertThat(QemuCommand.HostClock.option(CPU.replace("constant_tsc", ""))).isEmpty();
        assertThat(QemuCommand.HostClock.option(CPU.replace("bogomips", "BogoMIPS"))).isEmpty();
        assertThat(QemuCommand.HostClock.option("")).isEmpty();
    }
}
