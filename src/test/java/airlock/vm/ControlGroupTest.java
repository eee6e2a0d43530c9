package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.program.Program;
import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.Hierarchy;
import airlock.sandbox.Hierarchy.Kind;
import airlock.sandbox.Hierarchy.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// This host's control groups, if it has any, and the files of cgroup v2 as plain files.
class ControlGroupTest {
    private static final long MEMORY = 64L << 20;
    private static final VmEnd KILLED = new VmEnd.HostFailed("QEMU ended with code 137");

    @TempDir Path directory;

    private static ControlGroups groups() throws Exception {
        assumeThat(QemuSandbox.detect().confinement().held()).contains(Layer.CONTROL_GROUP);
        return new GroupSearch(Path.of("/proc/self"), QemuSandbox.isRoot()).find();
    }

    private Path vm(String name) throws IOException {
        return Files.createDirectories(directory.resolve("vms").resolve(name));
    }

    private static List<Path> directories(Path vm) throws IOException {
        return Files.readAllLines(vm.resolve("groups")).stream().map(Path::of).toList();
    }

    @Test
    void aProgramIsInItsGroupFromItsFirstInstructionOnAndTheGroupGoesWithIt() throws Exception {
        var groups = groups();
        try (var group = groups.make(vm("one"), MEMORY, 20)) {
            var result =
                    Program.run(
                            group.enter(List.of("cat", "/proc/self/cgroup")),
                            Duration.ofSeconds(20));

            assertThat(result.output()).contains("/airlock-one-");
            assertThat(directories(vm("one"))).isNotEmpty().allMatch(Files::exists);
        }
        assertThat(directories(vm("one"))).noneMatch(Files::exists);
    }

    @Test
    void whoHoldsTooMuchMemoryIsKilledAndTheEndNamesTheLimitAndItsKey() throws Exception {
        try (var group = groups().make(vm("one"), MEMORY, 20)) {
            assertThat(group.explained(KILLED)).isEqualTo(KILLED);

            var hold = List.of("perl", "-e", "my $all = chr(65 + $$ % 9) x (200 << 20)");
            var result = Program.run(group.enter(hold), Duration.ofSeconds(20));

            assertThat(result.code()).isEqualTo(137);
            assertThat(group.explained(KILLED))
                    .isInstanceOfSatisfying(
                            VmEnd.HostFailed.class,
                            end ->
                                    assertThat(end.detail())
                                            .contains("64 MiB", "`qemu_memory`", "code 137"));
            assertThat(group.explained(new VmEnd.Cancelled("enough")))
                    .isEqualTo(new VmEnd.Cancelled("enough"));
        }
    }

    @Test
    void whatIsLeftInAGroupEndsWithIt() throws Exception {
        Process left;
        try (var group = groups().make(vm("one"), MEMORY, 20)) {
            left = new ProcessBuilder(group.enter(List.of("sleep", "600"))).start();
            // the shell has become the program by then
            awaitProgram(left, "sleep");
        }
        assertThat(left.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(directories(vm("one"))).noneMatch(Files::exists);
    }

    private static void awaitProgram(Process process, String name) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!process.info().command().orElse("").endsWith(name) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theNextStartFindsTheGroupOfAKilledServerAndNoOther() throws Exception {
        var groups = groups();
        var abandoned = groups.make(vm("run-1-plan"), MEMORY, 20);
        var orphan = new ProcessBuilder(abandoned.enter(List.of("sleep", "600"))).start();
        awaitProgram(orphan, "sleep");
        var mine = directories(vm("run-1-plan"));
        var elsewhere = Files.createDirectories(directory.resolve("elsewhere/run-1-plan"));
        try (var other = groups.make(elsewhere, MEMORY, 20)) {
            VmLeftovers.sweep(directory.resolve("vms"), directory.resolve("memory"));

            assertThat(orphan.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(mine).isNotEmpty().noneMatch(Files::exists);
            assertThat(directories(elsewhere)).allMatch(Files::exists);
            assertThat(other.explained(KILLED)).isEqualTo(KILLED);
        }
    }

    @Test
    void aRecordThatIsTornOrNamesWhatIsNotOursRemovesNothing() throws Exception {
        var foreign = Files.createDirectory(directory.resolve("airlock-other-1"));
        Files.createFile(foreign.resolve("cgroup.procs"));
        var plain = Files.createDirectory(directory.resolve("airlock-one-1"));
        Files.write(vm("one").resolve("groups"), List.of("" + foreign, "" + plain, "/sys/fs", ""));

        ControlGroups.removeRecorded(vm("one"));

        assertThat(foreign).exists();
        assertThat(plain).exists();
    }

    @Test
    void aTryThatWasKilledIsRemovedByTheNext() throws Exception {
        var groups = groups();
        var dead = new ProcessBuilder("true").start();
        dead.waitFor();
        var parent = groups.hierarchies().getFirst().directory();
        var left = Files.createDirectory(parent.resolve("airlock-trial-" + dead.pid()));

        groups.trial(MEMORY, 20).close();

        assertThat(left).doesNotExist();
    }

    @Test
    void aGroupThatCannotBeLimitedIsNotLeftBehind() throws IOException {
        var plain = new ControlGroups(List.of(new Hierarchy(directory, Kind.ALL_V2)));

        assertThatThrownBy(() -> plain.make(vm("one"), MEMORY, 20))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("memory.max");

        assertThat(directories(directory.resolve("vms/one"))).noneMatch(Files::exists);
    }

    @Test
    void aGroupGetsAnotherShareOfTheCpusWhereItsTreeSharesThem() throws IOException {
        Files.writeString(directory.resolve("cpu.weight"), "555");
        Files.writeString(directory.resolve("cpu.shares"), "5555");

        new Hierarchy(directory, Kind.ALL_V2).weigh(Weight.LIGHT);
        new Hierarchy(directory, Kind.CPU_V1).weigh(Weight.LIGHT);
        new Hierarchy(directory, Kind.MEMORY_V1).weigh(Weight.LIGHT);

        assertThat(directory.resolve("cpu.weight")).content().startsWith("10");
        assertThat(directory.resolve("cpu.shares")).content().startsWith("102");
    }

    @Test
    void theSecondVersionLimitsMemorySwapAndTasksAndTellsWhatWasKilled() throws IOException {
        var hierarchy = new Hierarchy(directory, Kind.ALL_V2);
        for (var file :
                Map.of(
                                "memory.max", "max",
                                "memory.swap.max", "max",
                                "pids.max", "max",
                                "memory.events", "low 0\nmax 31\noom 2\noom_kill 1\n")
                        .entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }

        hierarchy.limit(MEMORY, 20);

        assertThat(directory.resolve("memory.max")).content().startsWith("" + MEMORY);
        assertThat(directory.resolve("memory.swap.max")).content().startsWith("0");
        assertThat(directory.resolve("pids.max")).content().startsWith("20");
        assertThat(hierarchy.kills()).isEqualTo(1);
        assertThat(hierarchy.full()).isTrue();
    }
}
