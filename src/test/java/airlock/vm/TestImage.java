package airlock.vm;

import airlock.image.ImageStore;
import airlock.image.Recipe;
import java.nio.file.Path;
import java.time.InstantSource;

/// The image of all tests with real machines: built once for a checkout and kept in `.airlock`.
public final class TestImage {
    private TestImage() {}

    /// The files that a VM boots from; the first call on a new checkout takes minutes.
    public static synchronized BootFiles boot() {
        try {
            return new ImageStore(Path.of(".airlock", "images"), InstantSource.system())
                    .build(
                            Recipe.builtIn("debian-13"),
                            Path.of("target", "guest", "airlock-guest"),
                            System.err::println)
                    .boot();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
