package airlock.local;

import airlock.app.HeardRun;
import airlock.vm.BootFiles;
import airlock.vm.FakeVmHost;
import airlock.vm.VmHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A checkout, and machines that are doubles.
abstract class LocalFixture {
    private static final Path NOWHERE = Path.of("/nonexistent");
    static final BootFiles BOOT = new BootFiles(NOWHERE, NOWHERE, NOWHERE);

    @TempDir Path directory;
    Path checkout = Path.of("");
    final FakeVmHost host = new FakeVmHost();
    final HeardRun heard = new HeardRun();

    @BeforeEach
    void places() throws IOException {
        checkout = Files.createDirectory(directory.resolve("checkout"));
    }

    Path write(String name, String content) throws IOException {
        var file = checkout.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    static LocalRun.Machine machine(VmHost host) {
        return new LocalRun.Machine(host, _ -> BOOT);
    }

    LocalRun.Outcome run(
            LocalRun.Machines machines,
            LocalSettings settings,
            LocalPlans.Wish wish,
            Optional<Path> output)
            throws Exception {
        Path work = Files.createTempDirectory(directory, "work");
        return new LocalRun(work, machines, settings, InstantSource.system())
                .run(new LocalRun.Order(checkout, wish, output), heard);
    }
}
