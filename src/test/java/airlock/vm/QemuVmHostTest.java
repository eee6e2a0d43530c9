package airlock.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("vm")
class QemuVmHostTest extends VmHostContract {
    private static final Launcher LAUNCHER = new Launcher();
    private static Cage cage = new Cage(false, VmUsers.in(Path.of("/")), java.util.Map.of());

    @BeforeAll
    static void tryTheWalls() throws InterruptedException {
        cage = Cage.detect();
    }

    @AfterAll
    static void close() {
        LAUNCHER.close();
    }

    @Override
    VmHost host() {
        var vms = directory.resolve("vms");
        try {
            Files.createDirectories(vms);
        } catch (IOException e) {
            throw new VmException("cannot make " + vms, e);
        }
        return new QemuVmHost(
                new QemuVmHost.QemuSetting(
                        vms,
                        MemoryPlace.of(directory, Optional.empty()),
                        Accelerator.TCG,
                        cage,
                        LAUNCHER,
                        InstantSource.system()));
    }

    @Override
    BootFiles boot() {
        return TestImage.boot();
    }
}
