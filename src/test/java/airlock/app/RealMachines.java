package airlock.app;

import airlock.vm.Accelerator;
import airlock.vm.Cage;
import airlock.vm.Launcher;
import airlock.vm.MemoryPlace;
import airlock.vm.QemuVmHost;
import airlock.vm.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// Real machines for a test, each of which boots.
///
/// @param vms where each has its directory
/// @param memory where each has its directory in memory
record RealMachines(Path vms, Path memory, QemuVmHost host, Launcher launcher)
        implements AutoCloseable {
    /// @param directory the test's own
    static RealMachines in(Path directory) throws IOException, InterruptedException {
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
                                Cage.detect(),
                                launcher,
                                InstantSource.system(),
                                Templates.none())),
                launcher);
    }

    @Override
    public void close() {
        launcher.close();
    }
}
