package airlock.backup;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The checksums of a backup's entries.
final class BackupSums {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,18}) (\\S+)");

    private final Map<String, String> seen = new HashMap<>();

    void add(String name, long size, String hash) {
        seen.put(name, line(name, size, hash));
    }

    /// A line of the last entry of a backup.
    static String line(String name, long size, String hash) {
        return hash + " " + size + " " + name;
    }

    /// @throws BackupException if `listed` differs from the entries that were added
    void check(String listed) {
        var left = new HashMap<>(seen);
        for (String line : listed.lines().toList()) {
            var parts = LINE.matcher(line);
            String name = parts.matches() ? parts.group(3) : "";
            if (!line.equals(left.remove(name))) {
                throw new BackupException(
                        name.isEmpty()
                                ? "the backup's list of checksums is damaged"
                                : "the backup is damaged: " + name + " is not what was backed up");
            }
        }
        if (!left.isEmpty()) {
            throw new BackupException(
                    "the backup is damaged: it has files without a checksum, such as "
                            + left.keySet().iterator().next());
        }
    }
}
