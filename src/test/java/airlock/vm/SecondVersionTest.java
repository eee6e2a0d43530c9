package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.sandbox.Hierarchy;
import airlock.sandbox.Hierarchy.Kind;
import airlock.sandbox.Launcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// cgroup v2 as a guest's kernel has it, for hosts that have v1: the files that we write and read,
/// by their names, and the way into a group.
@Tag("vm")
class SecondVersionTest {
    private static final Path SERVICE = Path.of("/sys/fs/cgroup/service");

    @TempDir Path directory;
    private final StringBuilder output = new StringBuilder();

    /// Does what [ControlGroup] does, in a service's group that was handed over.
    private static List<String> script() throws IOException {
        var group =
                ControlGroup.entering(
                        List.of(
                                new ControlGroup.Part(
                                        new Hierarchy(SERVICE, Kind.ALL_V2),
                                        SERVICE.resolve("vm"))),
                        List.of(
                                "sh",
                                "-c",
                                "cat /proc/self/cgroup; exec dd if=/dev/zero of=/dev/null bs=100M count=1"));
        return List.of(
                "grep -o -- '- cgroup2 .*' /proc/self/mountinfo | head -n 1",
                "cd /sys/fs/cgroup",
                "test -e cgroup.type && echo 'the root has a type'",
                "mkdir service service/server",
                "echo 0 >service/server/cgroup.procs",
                "echo '+memory +pids' >cgroup.subtree_control",
                "echo '+memory +pids' >service/cgroup.subtree_control",
                "cat service/cgroup.subtree_control service/cgroup.type /proc/self/cgroup",
                "mkdir service/vm",
                "echo 67108864 >service/vm/memory.max",
                "test ! -e service/vm/memory.swap.max || echo 0 >service/vm/memory.swap.max",
                "echo 20 >service/vm/pids.max",
                group.stream().map(SecondVersionTest::quoted).collect(Collectors.joining(" ")),
                "echo code $?",
                // how often the kernel was short of memory before it killed is its own affair
                "grep -E '^oom [1-9]' service/vm/memory.events | cut -d' ' -f1",
                "grep -E '^oom_kill ' service/vm/memory.events",
                "rmdir service/vm && echo removed");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    @Test
    void aKernelWithTheSecondVersionTakesWhatWeWriteAndTellsWhatWeRead() throws Exception {
        var memory = MemoryPlace.of(directory, Optional.empty());
        try (var launcher = new Launcher()) {
            var setting =
                    new QemuVmHost.QemuSetting(
                            Files.createDirectory(directory.resolve("vms")),
                            memory,
                            Accelerator.TCG,
                            Cage.detect(),
                            launcher,
                            InstantSource.system(),
                            Templates.none());
            try (var vm = new QemuVmHost(setting).start(spec(), this::hear)) {
                assertThat(vm.await()).as(output.toString()).isInstanceOf(VmEnd.Finished.class);
            }
        } finally {
            Files.delete(memory);
        }
        assertThat(output.toString().lines())
                .containsExactly(
                        "- cgroup2 cgroup2 rw",
                        "memory pids",
                        "domain",
                        "0::/service/server",
                        "0::/service/vm",
                        "code 137",
                        "oom",
                        "oom_kill 1",
                        "removed");
    }

    private VmSpec spec() throws IOException {
        return new VmSpec(
                "second",
                TestImage.boot(),
                new VmShape(1, 512, DriveSlots.standard().with(Drive.SCRATCH, 64L << 20)),
                List.of(VmHostContract.shell(script().toArray(String[]::new))),
                Map.of(),
                Set.of(),
                directory.resolve("console"),
                VmLimits.standard(Duration.ofMinutes(2)));
    }

    private void hear(GuestRecord record) {
        // on the other one the guest's shell tells who was killed
        if (record instanceof GuestRecord.Output said && said.stream() == 1) {
            output.append(new String(said.bytes(), StandardCharsets.UTF_8));
        }
    }
}
