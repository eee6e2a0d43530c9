package airlock.machine;

import airlock.program.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The disk space that files take. Drives and memory of VMs are sparse, so their lengths say many
/// times as much; Java cannot tell, so `du` of Debian's coreutils does.
public final class Occupied {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Occupied() {}

    /// Bytes that a directory and everything below it take; 0 if it is missing.
    public static long by(Path directory) {
        if (!Files.exists(directory)) {
            return 0;
        }
        try {
            var argv = List.of("du", "-s", "--block-size=1", "--", directory.toString());
            // du complains on other lines about files that vanish meanwhile
            return Program.run(argv, LIMIT)
                    .output()
                    .lines()
                    .filter(line -> line.matches("[0-9]{1,18}\t.*"))
                    .mapToLong(line -> Long.parseLong(line.split("\t", 2)[0]))
                    .findFirst()
                    .orElse(0);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
