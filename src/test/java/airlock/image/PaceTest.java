package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MIB = 1 << 20;

    @Test
    void aLongStepTellsHowFarItIsHowFastAndHowLongItStillTakes() {
        var told = new ArrayList<String>();
        var seconds = new AtomicLong();
        var pace =
                new Pace(
                        "reading disk.qcow2",
                        100 * MIB,
                        told::add,
                        () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        for (int i = 0; i < 5; i++) {
            seconds.incrementAndGet();
            pace.add(10 * MIB);
        }
        assertThat(told)
                .containsExactly(
                        "reading disk.qcow2: 20 of 100 MiB, 10 MiB/s, 8 s left",
                        "reading disk.qcow2: 40 of 100 MiB, 10 MiB/s, 6 s left");
    }

    @Test
    void oneThatIsLongerThanWasSaidHasNoTimeLeft() {
        var told = new ArrayList<String>();
        var seconds = new AtomicLong();
        var pace = new Pace("x", MIB, told::add, () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        seconds.set(2);
        pace.add(4 * MIB);
        assertThat(told).containsExactly("x: 4 of 1 MiB, 2 MiB/s, 0 s left");
    }
}
