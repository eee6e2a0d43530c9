package airlock.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// The memory that programs can still get, within this machine and every control group around this
/// process: in a container the group's limit counts (proc_meminfo(5), cgroups(7), Linux's
/// admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst).
///
/// @param proc `/proc`
/// @param groups `/sys/fs/cgroup`
public record HostMemory(Path proc, Path groups) {
    private static final String AVAILABLE = "MemAvailable:";
    private static final String SECOND = "0::";
    private static final String FIRST = ":memory:";

    public static HostMemory here() {
        return new HostMemory(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    /// Bytes that programs could get without swapping; 0 if unknown.
    long available() {
        return Math.min(machine(), group());
    }

    private long machine() {
        return read(proc.resolve("meminfo"), AVAILABLE) << 10;
    }

    private long group() {
        try {
            long least = Long.MAX_VALUE;
            for (String line : Files.readAllLines(proc.resolve("self/cgroup"))) {
                int first = line.indexOf(FIRST);
                if (line.startsWith(SECOND)) {
                    least = Math.min(least, left(groups, line.substring(SECOND.length()), true));
                } else if (first >= 0) {
                    String path = line.substring(first + FIRST.length());
                    least = Math.min(least, left(groups.resolve("memory"), path, false));
                }
            }
            return least;
        } catch (IOException _) {
            return Long.MAX_VALUE;
        }
    }

    /// The least that any group has left from `path` up to the root of its tree.
    private static long left(Path root, String path, boolean second) {
        long least = Long.MAX_VALUE;
        Path group = root.resolve("." + path).normalize();
        for (var at = Optional.of(group);
                at.filter(g -> g.startsWith(root)).isPresent();
                at = at.map(Path::getParent)) {
            least = Math.min(least, left(at.orElseThrow(), second));
        }
        return least;
    }

    /// Inactive pages of files count as free, as in the machine's own figure.
    private static long left(Path group, boolean second) {
        var limit = read(group.resolve(second ? "memory.max" : "memory.limit_in_bytes"));
        var used = read(group.resolve(second ? "memory.current" : "memory.usage_in_bytes"));
        if (limit.isEmpty() || used.isEmpty()) {
            return Long.MAX_VALUE;
        }
        String idle = second ? "inactive_file " : "total_inactive_file ";
        return Math.max(
                0, limit.getAsLong() - used.getAsLong() + read(group.resolve("memory.stat"), idle));
    }

    private static OptionalLong read(Path file) {
        try {
            return number(Files.readString(file));
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    /// The number after `word` in its line; 0 if it is missing.
    private static long read(Path file, String word) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(word))
                    .mapToLong(line -> number(line.substring(word.length())).orElse(0))
                    .findFirst()
                    .orElse(0);
        } catch (IOException _) {
            return 0;
        }
    }

    /// The number at the beginning; empty for `max`.
    private static OptionalLong number(String text) {
        String digits = text.strip().replaceFirst("(?s)\\D.*", "");
        return digits.isEmpty() || digits.length() > 18
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(digits));
    }
}
