package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QemuProcessTest {
    private static final int GRANDCHILDREN = 4;

    /// When the JVM first looks again at a process that is not its child.
    private static final Duration LOOK = Duration.ofMillis(300);

    @Test
    void whatIsKilledIsGoneWhenItReturnsAndThatIsSoon() throws Exception {
        var took = new ArrayList<Duration>();
        for (int times = 0; times < 5; times++) {
            took.add(kill());
        }
        Collections.sort(took);
        assertThat(took.get(2)).as("the median of %s", took).isLessThan(LOOK);
    }

    @Test
    void whatItComplainedOfIsOneLineWithoutItsName() {
        assertThat(
                        QemuProcess.complaint(
                                "qemu: one\r\n\n  two  \nqemu: \nqemu: qemu: \u001b[2Jthree",
                                "qemu: "))
                .isEqualTo("one; two; qemu: �[2Jthree");
        assertThat(QemuProcess.complaint(" \n\n", "qemu: ")).isEmpty();
    }

    private static Duration kill() throws IOException, InterruptedException {
        var shell = "for n in $(seq %d); do sleep 600 & done; wait".formatted(GRANDCHILDREN);
        var all = family(new ProcessBuilder("sh", "-c", shell).start());

        long began = System.nanoTime();
        QemuProcess.kill(all);
        var took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(all).hasSize(GRANDCHILDREN + 1).allMatch(QemuProcess::isOver);
        return took;
    }

    private static List<ProcessHandle> family(Process process) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (process.descendants().count() < GRANDCHILDREN && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    }
}
