package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.VmLeftovers.RunMarker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmLeftoversTest {
    @TempDir Path directory;
    @TempDir Path memory;
    private Process process = start("sleep", "1000");

    private static Process start(String... words) {
        try {
            return new ProcessBuilder(words).start();
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    private Path vm(String name) throws Exception {
        var vm = Files.createDirectory(directory.resolve(name));
        Files.writeString(vm.resolve("vdd"), "drive");
        Files.createDirectory(memory.resolve(name));
        Files.writeString(memory.resolve(name).resolve("vdg"), "secret");
        return vm;
    }

    @Test
    void theProcessOfAMarkerIsEndedAndItsFilesAreRemoved() throws Exception {
        var vm = vm("run-1-plan");
        RunMarker.write(vm, process.pid());

        assertThat(VmLeftovers.sweep(directory, memory)).containsExactly("run-1-plan");

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(vm).doesNotExist();
        assertThat(memory).isEmptyDirectory();
    }

    @Test
    void aProcessThatOnlyHasTheSameIdIsLeftAlone() throws Exception {
        var vm = vm("run-2-plan");
        var marker = vm.resolve("marker");
        RunMarker.write(vm, process.pid());
        Files.writeString(marker, Files.readString(marker).replaceAll("started=.*", "started=1"));

        VmLeftovers.sweep(directory, memory);

        assertThat(process.isAlive()).isTrue();
        assertThat(vm).doesNotExist();
    }

    @Test
    void aMarkerOfAnotherBootOrATornOneEndsNothing() throws Exception {
        RunMarker.write(vm("old"), process.pid());
        var old = directory.resolve("old/marker");
        Files.writeString(old, Files.readString(old).replaceAll("boot=.*", "boot=other"));
        Files.writeString(vm("torn").resolve("marker"), "pid=" + process.pid() + "9999999999999");

        assertThat(VmLeftovers.sweep(directory, memory)).containsExactlyInAnyOrder("old", "torn");

        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void withoutAMarkerTheCommandLineTells() throws Exception {
        var vm = vm("run-3-plan");
        process.destroyForcibly();
        // the name is QEMU's, the program is a shell that waits
        var fake = directory.resolve("qemu-system-x86_64");
        Files.copy(Path.of("/bin/sh"), fake);
        process = start(fake.toString(), "-c", "read line", "sh", vm + "/vdd");

        VmLeftovers.sweep(directory, memory);

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whereNothingEverRanThereIsNothingToDo() throws Exception {
        assertThat(VmLeftovers.sweep(directory.resolve("none"), memory.resolve("none"))).isEmpty();
    }
}
