package airlock.app;

import airlock.sandbox.Launcher;
import airlock.vm.Accelerator;
import airlock.vm.MemoryPlace;
import airlock.vm.QemuSandbox;
import airlock.vm.QemuVmHost;
import airlock.vm.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// Real machines for a test.
///
/// @param vms where each has its directory
/// @param memory where each has its directory in memory
record RealMachines(Path vms, Path memory, QemuVmHost host, Launcher launcher)
        implements AutoCloseable {
    /// Machines that are clones, as a server's are.
    ///
    /// @param directory the test's own
    static RealMachines in(Path directory) throws IOException, InterruptedException {
        return in(directory, SharedTemplates.ALL);
    }

    /// Machines that boot each: for an image that few are started from.
    ///
    /// @param directory the test's own
    static RealMachines booting(Path directory) throws IOException, InterruptedException {
        return in(directory, Templates.none());
    }

    private static RealMachines in(Path directory, Templates templates)
            throws IOException, InterruptedException {
        Path vms = Files.createDirectories(directory.resolve("vms"));
        Path memory = MemoryPlace.of(directory, Optional.empty());
        var launcher = new Launcher();
        return new RealMachines(
                vms,
                memory,
                new QemuVmHost(
                        new QemuVmHost.QemuSetting(
                                vms,
                                memory,
                                Accelerator.TCG,
                                QemuSandbox.detect(),
                                launcher,
                                InstantSource.system(),
                                templates)),
                launcher);
    }

    @Override
    public void close() {
        launcher.close();
    }
}
