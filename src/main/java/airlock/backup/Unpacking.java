package airlock.backup;

import airlock.backup.Layout.Head;
import airlock.backup.Layout.BackupSums;
import airlock.base.Hash;
import airlock.base.OwnFiles;
import airlock.text.SafeText;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/// Unpacks a backup without trusting it: only regular files with names that a state directory has,
/// each once, and only if all match the checksums at the end.
final class Unpacking {
    private static final int PIECE = 1 << 20;
    private static final int LONGEST_HEAD = 1 << 16;
    private static final int LONGEST_SUMS = 256 << 20;

    private final Path directory;
    private final BackupSums sums = new BackupSums();
    private final List<String> names = new ArrayList<>();

    /// @param directory an empty directory
    Unpacking(Path directory) {
        this.directory = directory;
    }

    /// The contents of a backup whose checksums match.
    ///
    /// @param names of its files, below the state directory
    record Unpacked(Head head, List<String> names) {
        Unpacked {
            names = List.copyOf(names);
        }
    }

    /// Unpacks everything.
    ///
    /// @throws BackupException if it is torn, damaged, or not a backup of Airlock
    Unpacked all(InputStream in) throws IOException {
        try (var tar =
                new TarArchiveInputStream(
                        new BufferedInputStream(in, PIECE), StandardCharsets.UTF_8.name())) {
            Head head = head(tar);
            for (var entry = next(tar); entry != null; entry = next(tar)) {
                if (entry.getName().equals(Layout.SUMS)) {
                    sums.check(text(tar, entry, LONGEST_SUMS));
                    return new Unpacked(head, whole(tar));
                }
                file(tar, entry);
            }
            throw new BackupException(
                    "the backup is torn: it ends after "
                            + names.size()
                            + " files, without its checksums");
        }
    }

    /// commons-compress throws unchecked exceptions for some malformed headers.
    private @Nullable TarArchiveEntry next(TarArchiveInputStream tar) {
        try {
            return tar.getNextEntry();
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new BackupException(
                    "the backup is torn or damaged after %d files: %s"
                            .formatted(names.size(), e.getMessage()),
                    e);
        }
    }

    private Head head(TarArchiveInputStream tar) throws IOException {
        var entry = next(tar);
        if (entry == null || !entry.getName().equals(Layout.HEAD)) {
            throw new BackupException(
                    "this is no backup of airlock: it does not begin with " + Layout.HEAD);
        }
        String text = text(tar, entry, LONGEST_HEAD);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sums.add(Layout.HEAD, bytes.length, Hash.sha256(bytes));
        return Head.read(bytes);
    }

    private static String text(TarArchiveInputStream tar, TarArchiveEntry entry, int longest)
            throws IOException {
        if (!isPlain(entry) || entry.getSize() > longest) {
            throw new BackupException("the backup's " + entry.getName() + " is no small file");
        }
        return new String(tar.readNBytes((int) entry.getSize()), StandardCharsets.UTF_8);
    }

    /// `isFile()` of commons-compress is true for devices too.
    private static boolean isPlain(TarArchiveEntry entry) {
        byte type = entry.getLinkFlag();
        return (type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM)
                && !entry.isSparse()
                && entry.getSize() >= 0;
    }

    private void file(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
        String name = entry.getName();
        if (!Layout.isKept(name) || !isPlain(entry)) {
            throw new BackupException(
                    "the backup has something that no state has: "
                            + SafeText.line(name, SafeText.SAID));
        }
        Path file = directory.resolve(name);
        OwnFiles.makeDirectories(file.resolveSibling(""));
        if (Files.exists(file)) {
            throw new BackupException("the backup has " + name + " twice");
        }
        String hash = copy(tar, entry, file);
        sums.add(name, entry.getSize(), hash);
        if (name.startsWith("blobs/") && !name.contains(hash)) {
            throw new BackupException("the backup is damaged: " + name + " has other bytes");
        }
        names.add(name);
    }

    /// Returns the hash.
    private static String copy(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
            throws IOException {
        var sum = Hash.sha256();
        try (var channel = OwnFiles.create(file)) {
            var out = Channels.newOutputStream(channel);
            byte[] piece = new byte[PIECE];
            long left = entry.getSize();
            while (left > 0) {
                int got = read(tar, piece, (int) Math.min(PIECE, left), entry.getName());
                sum.add(piece, 0, got);
                out.write(piece, 0, got);
                left -= got;
            }
            channel.force(true);
        }
        return sum.hex();
    }

    private static int read(TarArchiveInputStream tar, byte[] piece, int most, String name) {
        int got;
        try {
            got = tar.read(piece, 0, most);
        } catch (IOException e) {
            throw new BackupException("the backup is torn in " + name + ": " + e.getMessage(), e);
        }
        if (got <= 0) {
            throw new BackupException("the backup is torn in " + name);
        }
        return got;
    }

    private List<String> whole(TarArchiveInputStream tar) {
        if (next(tar) != null) {
            throw new BackupException("the backup goes on after its checksums");
        }
        if (!names.contains(Layout.DATABASE)) {
            throw new BackupException("the backup has no " + Layout.DATABASE);
        }
        return names;
    }
}
