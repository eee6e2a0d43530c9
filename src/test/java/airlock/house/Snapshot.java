package airlock.house;

import airlock.base.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Names, modes, owners, times and contents below a directory, to be compared.
public final class Snapshot {
    private Snapshot() {}

    /// By path; empty if the directory is missing.
    public static SortedMap<String, String> of(Path directory) {
        if (Files.notExists(directory)) {
            return new TreeMap<>();
        }
        var all = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                all.put(directory.relativize(file).toString(), describe(file));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(Path file) throws IOException {
        Map<String, Object> found =
                Files.readAttributes(
                        file,
                        "unix:mode,uid,gid,size,lastModifiedTime,ino",
                        LinkOption.NOFOLLOW_LINKS);
        String content =
                Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        ? Hash.sha256(Files.readString(file, StandardCharsets.ISO_8859_1))
                        : "";
        return new TreeMap<>(found) + " " + content;
    }
}
