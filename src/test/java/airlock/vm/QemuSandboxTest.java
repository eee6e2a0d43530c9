package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.program.Program;
import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.VmUsers;
import airlock.vm.QemuSandbox.SandboxSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuSandboxTest {
    private static final SandboxSpec BOX =
            new SandboxSpec(
                    List.of(Path.of("/images/d/kernel")),
                    List.of(Path.of("/state/vms/x/vdd")),
                    List.of(),
                    100,
                    200,
                    1L << 30,
                    1L << 29);
    private static final List<String> QEMU = List.of("qemu", "-S");
    private static final VmUsers USERS = VmUsers.in(Path.of("/proc/self/uid_map"));

    @TempDir Path directory;

    @Test
    void asRootTheWallsAreMadeFirstAndTheUserChangesInside() {
        var line =
                new QemuSandbox(true, USERS, Map.of())
                        .wrap(BOX, OptionalInt.of(1900000001), List.of(104), QEMU);

        assertThat(line)
                .containsSubsequence(
                        "prlimit",
                        "--core=0",
                        "--cpu=100",
                        "--fsize=200",
                        "--nproc=512",
                        "--",
                        "bwrap",
                        "--unshare-net",
                        "--die-with-parent",
                        "--new-session",
                        "--",
                        "setpriv",
                        "--reuid",
                        "1900000001",
                        "--regid",
                        "1900000001",
                        "--groups=104",
                        "--no-new-privs",
                        "--bounding-set=-all",
                        "--",
                        "qemu",
                        "-S")
                .doesNotContain("--unshare-all");
    }

    @Test
    void asAnOrdinaryUserAUserNamespaceIsMadeAndTheUserStays() {
        var line =
                new QemuSandbox(false, USERS, Map.of())
                        .wrap(BOX, OptionalInt.empty(), List.of(), QEMU);

        assertThat(line)
                .contains("--unshare-all")
                .doesNotContain("setpriv", "--nproc=512")
                .endsWith("--", "qemu", "-S");
    }

    @Test
    void onlyTheFilesOfTheVmAreSeenAndOnlyItsOwnCanBeWritten() {
        var line =
                new QemuSandbox(false, USERS, Map.of())
                        .wrap(BOX, OptionalInt.empty(), List.of(), QEMU);

        assertThat(line)
                .containsSubsequence("--ro-bind", "/images/d/kernel", "/images/d/kernel")
                .containsSubsequence("--bind", "/state/vms/x/vdd", "/state/vms/x/vdd")
                .containsSubsequence("--perms", "0755", "--dir", "/state/vms/x");
        assertThat(line.stream().filter("--bind"::equals)).hasSize(1);
    }

    @Test
    void whatIsMissingIsToldAndLeftOut() {
        Map<Layer, String> missing = new EnumMap<>(Layer.class);
        missing.put(Layer.NAMESPACES, "no user namespaces");
        var cage = new QemuSandbox(false, USERS, missing);

        assertThat(cage.wrap(BOX, OptionalInt.empty(), List.of(), QEMU)).doesNotContain("bwrap");
        assertThat(cage.confinement().held())
                .doesNotContain(Layer.NAMESPACES)
                .contains(Layer.LIMITS);
        assertThat(new Vm.Isolation(Accelerator.TCG, cage.confinement()).describe())
                .contains("tcg", "missing: namespaces (no user namespaces)");
    }

    @Test
    void thisHostsWallsHoldWhatTheySay() throws Exception {
        var cage = QemuSandbox.detect();
        var inside = directory.resolve("inside");
        Files.createFile(inside);
        var box =
                new SandboxSpec(
                        List.of(), List.of(inside), List.of(), 60, 1 << 20, 1L << 30, 1L << 29);
        var script = "id -u; ls / " + directory + "; ls /proc 2>&1; ulimit -c; ls /etc 2>&1";

        var result =
                Program.run(
                        cage.wrap(box, cage.newUser(), List.of(), List.of("sh", "-c", script)),
                        Duration.ofSeconds(20));

        assertThat(result.output().lines().findFirst()).isPresent().get().isNotEqualTo("0");
        if (cage.confinement().held().contains(Layer.NAMESPACES)) {
            assertThat(result.output())
                    .contains("inside", "cannot access '/proc'", "cannot access '/etc'");
        } else {
            assertThat(cage.confinement().missing().get(Layer.NAMESPACES)).isNotBlank();
        }
    }

    @Test
    void eachVmGetsAUserOfItsOwnWhereTheContainerMapsThem() throws Exception {
        var all = directory.resolve("all");
        Files.writeString(all, "         0          0 4294967295\n");
        var few = directory.resolve("few");
        Files.writeString(few, "0 100000 65536\n");

        var own = VmUsers.in(all);
        assertThat(own.own()).isTrue();
        assertThat(own.next()).isNotEqualTo(own.next()).isGreaterThan(1 << 30);
        assertThat(VmUsers.in(few).own()).isFalse();
        assertThat(VmUsers.in(few).next()).isEqualTo(65534);
        assertThat(VmUsers.in(directory.resolve("none")).own()).isFalse();
    }
}
