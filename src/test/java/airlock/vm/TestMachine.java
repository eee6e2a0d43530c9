package airlock.vm;

import airlock.sandbox.Launcher;
import airlock.vm.QemuVmHost.QemuSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// This machine for tests that start VMs of templates: its walls are looked for once.
final class TestMachine {
    /// Its VMs end with this JVM.
    private static final Launcher LAUNCHER = new Launcher();

    private static final Cage CAGE = cage();

    private TestMachine() {}

    private static Cage cage() {
        try {
            return Cage.detect();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// VMs below `directory`, emulated.
    static QemuSetting setting(Path directory, Templates templates) {
        var vms = directory.resolve("vms");
        try {
            Files.createDirectories(vms);
        } catch (IOException e) {
            throw new VmException("cannot make " + vms, e);
        }
        return new QemuSetting(
                vms,
                MemoryPlace.of(directory, Optional.empty()),
                Accelerator.TCG,
                CAGE,
                LAUNCHER,
                InstantSource.system(),
                templates);
    }
}
