package airlock.vm;

import airlock.sandbox.Launcher;
import airlock.vm.QemuVmHost.QemuSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// This machine's settings for tests with VMs; its walls are detected once.
final class TestMachine {
    /// Ends its VMs with this JVM.
    private static final Launcher LAUNCHER = new Launcher();

    private static final QemuSandbox CAGE = cage();

    private TestMachine() {}

    private static QemuSandbox cage() {
        try {
            return QemuSandbox.detect();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Emulated VMs below `directory`.
    static QemuSetting setting(Path directory, Templates templates) {
        return setting(directory, Accelerator.TCG, CAGE, LAUNCHER, templates);
    }

    static QemuSetting setting(
            Path directory,
            Accelerator accelerator,
            QemuSandbox cage,
            Launcher launcher,
            Templates templates) {
        var vms = directory.resolve("vms");
        try {
            Files.createDirectories(vms);
        } catch (IOException e) {
            throw new VmException("cannot make " + vms, e);
        }
        return new QemuSetting(
                vms,
                MemoryPlace.of(directory, Optional.empty()),
                accelerator,
                cage,
                launcher,
                InstantSource.system(),
                templates);
    }
}
