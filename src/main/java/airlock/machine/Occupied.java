package airlock.machine;

import airlock.program.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How much of the disk files take. Drives and memory of VMs are sparse, so their lengths would
/// say many times that; Java does not tell, `du` of Debian's coreutils does.
public final class Occupied {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Occupied() {}

    /// Bytes that a directory takes with all below it; 0 where there is none.
    public static long by(Path directory) {
        if (!Files.exists(directory)) {
            return 0;
        }
        try {
            var argv = List.of("du", "-s", "--block-size=1", "--", directory.toString());
            // a VM that ends while du looks makes it complain on other lines
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
