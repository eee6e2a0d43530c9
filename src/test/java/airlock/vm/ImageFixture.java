package airlock.vm;

import airlock.image.Image;
import java.nio.file.Path;
import java.util.Optional;

/// Real VMs that boot from an image of the test's own.
abstract class ImageFixture extends VmFixture {
    static final Path GUEST = Path.of("target", "guest", "airlock-guest");
    private Optional<Image> image = Optional.empty();

    /// All further VMs boot from this image.
    void startsFrom(Image one) {
        image = Optional.of(one);
    }

    Image image() {
        return image.orElseThrow();
    }

    @Override
    BootFiles boot() {
        return image.orElseThrow().boot();
    }
}
