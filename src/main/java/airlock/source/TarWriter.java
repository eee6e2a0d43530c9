package airlock.source;

import airlock.text.SafeText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Writes sources in one dialect of tar: ustar, with PAX headers only for `path`, `linkpath` and
/// `size` (POSIX.1-2001, pax), all times 0, all owners 0/0, modes 755 and 644. The same entries in
/// the same order give the same bytes on every machine. Fails with a refusal if a limit is passed.
final class TarWriter {
    private static final int LONGEST_LINK = 4095;
    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;
    private static final int LINK = 0777;

    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private final TarArchiveOutputStream tar;
    private final SourceLimits limits;
    private final Map<String, Long> lengths = new HashMap<>();
    private boolean keepsLengths;
    private long size;
    private int files;
    private int directories;

    TarWriter(OutputStream out, SourceLimits limits) {
        this.limits = limits;
        tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    /// Records the length of each file and link from now on, by path; grows with the archive.
    Map<String, Long> keepLengths() {
        keepsLengths = true;
        return lengths;
    }

    private void kept(String path, long length) {
        if (keepsLengths) {
            lengths.put(path, length);
        }
    }

    /// How many more bytes of files the limits allow.
    long room() {
        return limits.size() - size;
    }

    void directory(String path) throws IOException {
        directories++;
        if (directories > limits.files()) {
            throw SourceException.refusal(
                    "the tree has more than " + limits.files() + " directories");
        }
        tar.putArchiveEntry(entry(path + "/", TarConstants.LF_DIR, EXECUTABLE));
        tar.closeArchiveEntry();
    }

    void submodule(String path) throws IOException {
        count();
        directory(path);
    }

    void file(String path, boolean executable, long length, Content content) throws IOException {
        count();
        size += length;
        if (length > limits.fileSize()) {
            throw SourceException.refusal(
                    "%s has %,d bytes, a file may have %,d"
                            .formatted(
                                    SafeText.quoted(path, SafeText.SAID),
                                    length,
                                    limits.fileSize()));
        }
        if (size > limits.size()) {
            throw SourceException.refusal(
                    "the files together have more than %,d bytes, the limit of this repository"
                            .formatted(limits.size()));
        }
        kept(path, length);
        putFile(path, executable ? EXECUTABLE : PLAIN, length, content);
    }

    /// Adds a file of a delivered `.git`, which may be larger than files of the commit; its bytes
    /// count like theirs.
    void gitFile(String path, long length, Content content) throws IOException {
        size += length;
        if (size > limits.size()) {
            throw SourceException.refusal(
                    "the files and the history together have more than %,d bytes, the limit of this repository%s"
                            .formatted(limits.size(), GitPack.CURE));
        }
        putFile(path, PLAIN, length, content);
    }

    private void putFile(String path, int mode, long length, Content content) throws IOException {
        TarArchiveEntry entry = entry(path, TarConstants.LF_NORMAL, mode);
        entry.setSize(length);
        tar.putArchiveEntry(entry);
        content.writeTo(tar);
        tar.closeArchiveEntry();
    }

    void link(String path, String target) throws IOException {
        count();
        int length = target.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > LONGEST_LINK || target.indexOf('\0') >= 0) {
            throw SourceException.refusal(
                    "the target of the symbolic link %s is empty, has a NUL or more than %,d bytes"
                            .formatted(SafeText.quoted(path, SafeText.SAID), LONGEST_LINK));
        }
        kept(path, length);
        TarArchiveEntry entry = entry(path, TarConstants.LF_SYMLINK, LINK);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private void count() {
        files++;
        if (files > limits.files()) {
            throw SourceException.refusal(
                    "the tree has more than %,d files, the limit of this repository"
                            .formatted(limits.files()));
        }
    }

    private TarArchiveEntry entry(String path, byte type, int mode) {
        if (path.length() > limits.pathLength()
                || path.getBytes(StandardCharsets.UTF_8).length > limits.pathLength()) {
            throw SourceException.refusal(
                    "a path has more than %,d bytes: %s"
                            .formatted(limits.pathLength(), SafeText.quoted(path, SafeText.SAID)));
        }
        var entry = new TarArchiveEntry(path, type);
        entry.setMode(mode);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("", "");
        return entry;
    }

    void finish() throws IOException {
        tar.finish();
    }
}
