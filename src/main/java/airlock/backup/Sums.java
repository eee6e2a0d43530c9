package airlock.backup;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The checksums of a backup's entries.
final class Sums {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,18}) (\\S+)");

    private final Map<String, String> seen = new HashMap<>();

    /// Notes an entry; says false where its name came before.
    boolean add(String name, long size, String hash) {
        return seen.put(name, line(name, size, hash)) == null;
    }

    /// A line of the file that ends a backup.
    static String line(String name, long size, String hash) {
        return hash + " " + size + " " + name;
    }

    /// @throws BackupException where `listed` are not the entries that were seen
    void check(String listed) {
        var left = new HashMap<>(seen);
        for (String line : listed.lines().toList()) {
            var parts = LINE.matcher(line);
            String name = parts.matches() ? parts.group(3) : "";
            if (!line.equals(left.remove(name))) {
                throw new BackupException(
                        name.isEmpty()
                                ? "the backup is damaged: its list of checksums is"
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
