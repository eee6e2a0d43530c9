package airlock.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// This machine's memory (proc_meminfo(5)).
final class HostMemory {
    private static final Path FILE = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";

    private HostMemory() {}

    /// Bytes that programs could get without swapping; 0 where the kernel does not tell.
    static long available() {
        try (var lines = Files.lines(FILE)) {
            return lines.filter(line -> line.startsWith(AVAILABLE))
                    .mapToLong(HostMemory::bytes)
                    .findFirst()
                    .orElse(0);
        } catch (IOException _) {
            return 0;
        }
    }

    private static long bytes(String line) {
        String[] words = line.substring(AVAILABLE.length()).strip().split(" ", -1);
        return Long.parseLong(words[0]) << 10;
    }
}
