package airlock.vm;

import airlock.image.Image;
import airlock.sandbox.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/// Real VMs that boot from an image of the test's own.
abstract class ImageFixture extends VmFixture {
    static final Path GUEST = Path.of("target", "guest", "airlock-guest");
    private final Launcher launcher = new Launcher();
    private Optional<Image> image = Optional.empty();

    /// What all that follow boot from.
    void startsFrom(Image one) {
        image = Optional.of(one);
    }

    Image image() {
        return image.orElseThrow();
    }

    @AfterEach
    void closeLauncher() {
        launcher.close();
    }

    @Override
    VmHost host() {
        try {
            return new QemuVmHost(
                    new QemuVmHost.QemuSetting(
                            Files.createDirectories(directory.resolve("vms")),
                            MemoryPlace.of(directory, Optional.empty()),
                            Accelerator.TCG,
                            Cage.detect(),
                            launcher,
                            InstantSource.system(),
                            Templates.none()));
        } catch (IOException e) {
            throw new VmException("cannot make a directory", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("interrupted", e);
        }
    }

    @Override
    BootFiles boot() {
        return image.orElseThrow().boot();
    }
}
