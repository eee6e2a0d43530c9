package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
    /// Also in bytes and not in the KiB of which the kernel tells.
    @Test
    void someOfTheMachinesMemoryIsAvailable() {
        var machine =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        assertThat(HostMemory.available())
                .isGreaterThan(64L << 20)
                .isLessThan(machine.getTotalMemorySize());
    }
}
