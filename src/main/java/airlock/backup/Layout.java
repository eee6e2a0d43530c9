package airlock.backup;

import airlock.secrets.KeyFile;
import java.nio.file.Path;
import java.util.regex.Pattern;

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
}
