package airlock.backup;

import airlock.base.OwnDirectory;
import airlock.secrets.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;

/// What may be in a backup, by its name below the state directory, and what the parts are called.
final class Layout {
    /// The first entry: which format this is.
    static final String HEAD = "airlock-backup.json";

    /// The last entry: a line for each other one, `SHA-256 LENGTH NAME`.
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

    /// Whether a state directory may get a file of this name from a backup.
    static boolean isKept(String name) {
        return NAME.matcher(name).matches() && !name.contains("/../") && !name.contains("/./");
    }

    /// Makes a directory of a state, where it is missing, for its owner alone.
    static void makeDirectory(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(OwnDirectory.PRIVATE));
    }

    static String log(String run) {
        return "logs/" + run.substring(0, 2) + "/" + run + ".log";
    }

    static String blob(String hash) {
        return "blobs/" + hash.substring(0, 2) + "/" + hash + ".tar";
    }

    /// The facts of a source tar.
    static Path facts(Path tar) {
        return tar.resolveSibling(tar.getFileName().toString().replaceFirst("\\.tar$", ".facts"));
    }
}
