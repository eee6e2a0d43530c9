package airlock.local;

import airlock.results.Blob;
import airlock.results.StrictTar;
import airlock.results.StrictTar.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Extracts the artifacts of a local run. The archive comes from a VM, so nothing is written
/// through a link, whether from the archive or already there, and no link points out of the
/// directory.
final class ArtifactFiles {
    private static final int MOST_ENTRIES = 100_000;

    private final Path top;
    private final Map<String, Entry> seen = new HashMap<>();
    private int files;
    private int left;

    private ArtifactFiles(Path top) {
        this.top = top;
    }

    /// Extracts them below `directory`, replacing files of the same names.
    ///
    /// @param artifacts null if the run has none
    /// @return one line for people
    /// @throws AppException if something there is in the way
    static String write(@Nullable Blob artifacts, Path directory) {
        if (artifacts == null) {
            return "no artifacts";
        }
        try {
            var entries = new ArrayList<Entry>();
            String refusal = StrictTar.walk(artifacts.file(), MOST_ENTRIES, entries::add);
            return refusal.isEmpty()
                    ? new ArtifactFiles(Files.createDirectories(directory).toRealPath())
                            .write(artifacts.file(), entries)
                    : "the artifacts can't be unpacked: " + refusal;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write artifacts to " + directory + ": " + e, e);
        }
    }

    private String write(Path tar, List<Entry> entries) throws IOException {
        try (var archive = FileChannel.open(tar, StandardOpenOption.READ)) {
            for (Entry entry : entries) {
                switch (entry.kind()) {
                    case DIRECTORY -> directory(entry.path());
                    case FILE -> {
                        file(archive, entry, entry.path());
                        seen.put(entry.path(), entry);
                    }
                    case HARD_LINK -> copy(archive, entry);
                    case SYMBOLIC_LINK -> link(entry);
                }
            }
        }
        return files
                + (files == 1 ? " artifact in " : " artifacts in ")
                + top
                + (left == 0
                        ? ""
                        : "; left out, since they lead out of it: %,d links".formatted(left));
    }

    /// Copies: a hard link would follow later changes of the first file.
    private void copy(FileChannel archive, Entry entry) throws IOException {
        var first = seen.get(entry.target());
        if (first == null) {
            left++;
        } else {
            file(archive, first, entry.path());
        }
    }

    private Path directory(String path) throws IOException {
        Path place = top;
        for (Path part : Path.of(path)) {
            place = place.resolve(part);
            if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(place);
            }
        }
        return place;
    }

    /// Makes a path free for a new file.
    private Path free(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        Path parent = slash < 0 ? top : directory(path.substring(0, slash));
        Path place = parent.resolve(path.substring(slash + 1));
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(place.toString(), null, "is a directory");
        }
        Files.deleteIfExists(place);
        return place;
    }

    private void file(FileChannel archive, Entry entry, String path) throws IOException {
        Path place = free(path);
        try (var out =
                FileChannel.open(place, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long done = 0;
            while (done < entry.size()) {
                long part = archive.transferTo(entry.offset() + done, entry.size() - done, out);
                if (part == 0) {
                    throw new EOFException("the archive has ended within " + path);
                }
                done += part;
            }
        }
        if (entry.isProgram()) {
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        files++;
    }

    private void link(Entry entry) throws IOException {
        if (leadsOut(entry)) {
            left++;
            return;
        }
        Files.createSymbolicLink(free(entry.path()), Path.of(entry.target()));
        files++;
    }

    /// The guest's rule (docs/guest-protocol.md): `..` comes first in a target, and no more often
    /// than the link's depth.
    private static boolean leadsOut(Entry link) {
        int left = link.path().split("/", -1).length - 1;
        boolean isDown = false;
        for (String part : link.target().split("/", -1)) {
            boolean isUp = part.equals("..");
            if (isUp && (isDown || left == 0)) {
                return true;
            }
            left -= isUp ? 1 : 0;
            isDown |= !isUp;
        }
        return link.target().startsWith("/");
    }
}
