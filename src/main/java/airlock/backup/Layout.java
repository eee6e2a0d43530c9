package airlock.backup;

import airlock.base.Json;
import airlock.secrets.KeyFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/// The names of a backup's entries, which are paths below the state directory.
final class Layout {
    /// The first entry: the format.
    static final String HEAD = "airlock-backup.json";

    /// The last entry: a line `SHA-256 LENGTH NAME` for each other entry.
    static final String SUMS = "checksums";

    static final String DATABASE = "airlock.db";
    static final String KEY = KeyFile.NAME;

    private static final Pattern NAME =
            Pattern.compile(
                    Pattern.quote(DATABASE)
                            + "|"
                            + Pattern.quote(KEY)
                            + "|logs/[a-z2-7]{2}/[a-z2-7]{20}\\.log"
                            + "|blobs/[0-9a-f]{2}/[0-9a-f]{64}\\.tar"
                            + "|sources/[a-z0-9][a-z0-9-]{0,62}_[A-Za-z0-9._{}-]{1,128}"
                            + "/[0-9a-f]{40}\\.v[0-9]{1,4}\\.(tar|facts)");

    private Layout() {}

    /// Whether a backup may contain a file with this name.
    static boolean isKept(String name) {
        return NAME.matcher(name).matches() && !name.contains("/../") && !name.contains("/./");
    }

    static String log(String run) {
        return "logs/" + run.substring(0, 2) + "/" + run + ".log";
    }

    static String blob(String hash) {
        return "blobs/" + hash.substring(0, 2) + "/" + hash + ".tar";
    }

    /// The facts file of a source tar.
    static Path facts(Path tar) {
        return tar.resolveSibling(tar.getFileName().toString().replaceFirst("\\.tar$", ".facts"));
    }

    /// The checksums of a backup's entries.
    static final class BackupSums {
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
                                    : "the backup is damaged: "
                                            + name
                                            + " is not what was backed up");
                }
            }
            if (!left.isEmpty()) {
                throw new BackupException(
                        "the backup is damaged: it has files without a checksum, such as "
                                + left.keySet().iterator().next());
            }
        }
    }

    /// The first entry of a backup.
    ///
    /// @param format [#FORMAT]
    /// @param made when, ISO 8601
    /// @param state the state directory that was backed up
    record Head(int format, String made, String state) {
        /// To be raised if older versions can't restore a backup.
        static final int FORMAT = 1;

        /// Newer versions may add members.
        private static final ObjectReader READER =
                Json.STRICT
                        .readerFor(Head.class)
                        .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

        String json() {
            return Json.MAPPER.writeValueAsString(this) + "\n";
        }

        /// @throws BackupException if it is not a backup or has a newer format
        static Head read(byte[] bytes) {
            Head head;
            try {
                head = READER.readValue(bytes);
            } catch (JacksonException e) {
                throw new BackupException(
                        "this is no backup of airlock: its first entry is not", e);
            }
            if (head.format() != FORMAT) {
                throw new BackupException(
                        "the backup has format %d, this airlock restores format %d: use the version that made it"
                                .formatted(head.format(), FORMAT));
            }
            return head;
        }
    }
}
