package airlock.vm;

import airlock.image.Image;
import airlock.image.ImageImports;
import airlock.image.ImageStore;
import airlock.image.Proof;
import airlock.program.Program;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Cloud images of Debian's packages, built once for a checkout and kept in `.airlock`.
public final class CloudDisk {
    private static final Path PLACE = Path.of(".airlock", "cloud");
    private static final Path SCRIPT = Path.of("deploy", "cloud-image.sh");
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private CloudDisk() {}

    /// The disk for that firmware; the first call on a new checkout takes minutes.
    static synchronized Path of(BootFiles.Firmware firmware)
            throws IOException, InterruptedException {
        String word = firmware.name().toLowerCase(Locale.ROOT);
        Path disk = PLACE.resolve(word + ".qcow2");
        if (!Files.exists(disk)
                || Files.getLastModifiedTime(disk).compareTo(Files.getLastModifiedTime(SCRIPT))
                        < 0) {
            var built = Program.run(List.of(SCRIPT.toString(), word, disk.toString()), LONGEST);
            if (!built.passed()) {
                throw new IOException(SCRIPT + " failed: " + built.output());
            }
        }
        return disk;
    }

    /// The image of that disk, as an operator imports it.
    ///
    /// @param root of a store
    public static Image image(Path root, BootFiles.Firmware firmware)
            throws IOException, InterruptedException {
        return new ImageImports(new ImageStore(root, InstantSource.system()), Sandbox.NONE)
                .cloud(
                        of(firmware),
                        "cloud-" + firmware.name().toLowerCase(Locale.ROOT),
                        Optional.empty(),
                        Path.of("target", "guest", "airlock-guest"),
                        Proof.NONE,
                        System.err::println);
    }
}
