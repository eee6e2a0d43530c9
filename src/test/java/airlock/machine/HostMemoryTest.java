package airlock.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
    private static final long MIB = 1 << 20;

    @TempDir Path directory;

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        Files.writeString(path, text);
    }

    /// A machine with 8 GiB to give.
    private HostMemory machine(String cgroup) throws IOException {
        write("proc/meminfo", "MemTotal: 9000000 kB\nMemAvailable:    8388608 kB\n");
        write("proc/self/cgroup", cgroup);
        return new HostMemory(directory.resolve("proc"), directory.resolve("groups"));
    }

    /// Also in bytes and not in the KiB of which the kernel tells.
    @Test
    void someOfTheMachinesMemoryIsAvailable() {
        var machine =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        assertThat(HostMemory.here().available())
                .isGreaterThan(64L << 20)
                .isLessThan(machine.getTotalMemorySize());
    }

    @Test
    void withoutALimitItIsWhatTheMachineHas() throws IOException {
        write("groups/a/memory.max", "max\n");
        write("groups/a/memory.current", "1000\n");

        assertThat(machine("0::/a\n").available()).isEqualTo(8192 * MIB);
        assertThat(machine("").available()).isEqualTo(8192 * MIB);
    }

    @Test
    void aGroupAboveThatHasLessLeftCounts() throws IOException {
        write("groups/a/memory.max", (2048 * MIB) + "\n");
        write("groups/a/memory.current", (1500 * MIB) + "\n");
        write("groups/a/memory.stat", "anon 5\ninactive_file " + (100 * MIB) + "\n");
        write("groups/a/b/memory.max", (4096 * MIB) + "\n");
        write("groups/a/b/memory.current", "0\n");

        assertThat(machine("0::/a/b\n").available()).isEqualTo(648 * MIB);
    }

    @Test
    void theFirstVersionHasOtherWordsForIt() throws IOException {
        write("groups/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("groups/memory/memory.usage_in_bytes", "1\n");
        write("groups/memory/job/memory.limit_in_bytes", (1024 * MIB) + "\n");
        write("groups/memory/job/memory.usage_in_bytes", (1000 * MIB) + "\n");
        write("groups/memory/job/memory.stat", "inactive_file 7\ntotal_inactive_file 1048576\n");

        assertThat(machine("4:memory:/job\n0::/\n").available()).isEqualTo(25 * MIB);
    }

    @Test
    void aPathThatLeadsOutOfTheTreeIsNotFollowed() throws IOException {
        write("memory.max", "1\n");
        write("memory.current", "1\n");

        assertThat(machine("0::/../x\n").available()).isEqualTo(8192 * MIB);
    }

    @Test
    void aKernelThatTellsNothingHasNothing() {
        assertThat(new HostMemory(directory, directory).available()).isZero();
    }
}
