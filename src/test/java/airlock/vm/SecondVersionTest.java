package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.sandbox.Hierarchy;
import airlock.sandbox.Hierarchy.Kind;
import airlock.vm.ControlGroups.ControlGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// cgroup v2 as a guest's kernel has it, for hosts that have v1: the files that we write and read,
/// by their names, and the way into a group.
@Tag("vm")
class SecondVersionTest extends VmFixture {
    private static final Path SERVICE = Path.of("/sys/fs/cgroup/service");

    /// Does what [ControlGroup] does, in a service's group that was handed over.
    private static List<String> script() throws IOException {
        var group =
                new ControlGroup(List.of(new Hierarchy(SERVICE.resolve("vm"), Kind.ALL_V2)), 0)
                        .enter(
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
                // how often the kernel ran out of memory before it killed is up to the kernel
                "grep -E '^oom [1-9]' service/vm/memory.events | cut -d' ' -f1",
                "grep -E '^oom_kill ' service/vm/memory.events",
                "rmdir service/vm && echo removed");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    @Test
    void aKernelWithTheSecondVersionTakesWhatWeWriteAndTellsWhatWeRead() throws Exception {
        assertThat(end(spec(shell(script().toArray(String[]::new)))))
                .as(output(1))
                .isInstanceOf(VmEnd.Finished.class);
        // stderr has the guest shell's line about the killed program
        assertThat(output(1).lines())
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
}
