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

/// Writes the one dialect of tar in which sources reach the guest: ustar, with PAX headers for
/// `path`, `linkpath` and `size` alone (POSIX.1-2001, pax), every time 0, every owner 0/0, modes
/// 755 and 644. The same entries in the same order give the same bytes on every machine.
///
/// Fails with a refusal where a limit is passed.
final class TarWriter {
    private static final int LONGEST_LINK = 4095;
    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;
    private static final int LINK = 0777;

    /// Writes exactly as many bytes as the entry's size says.
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

    /// @param out takes small pieces well
    TarWriter(OutputStream out, SourceLimits limits) {
        this.limits = limits;
        tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    /// From now on remembers how long each file and link is.
    ///
    /// @return by path; grows with the archive
    Map<String, Long> keepLengths() {
        keepsLengths = true;
        return lengths;
    }

    private void kept(String path, long length) {
        if (keepsLengths) {
            lengths.put(path, length);
        }
    }

    /// How many bytes of files the limits still let in.
    long room() {
        return limits.size() - size;
    }

    void directory(String path) throws IOException {
        directories++;
        if (directories > limits.files()) {
            throw SourceException.refusal(
                    "the tree has more than " + limits.files() + " directories");
        }
        put(entry(path + "/", TarConstants.LF_DIR, EXECUTABLE));
        tar.closeArchiveEntry();
    }

    /// A submodule: named, not followed.
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

    /// A file of a delivered `.git`. It is none of the commit's, and may be larger than those; its
    /// bytes count like theirs.
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
        put(entry);
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
        put(entry);
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

    private void put(TarArchiveEntry entry) throws IOException {
        tar.putArchiveEntry(entry);
    }

    /// Ends the archive; one that was not finished has no end. The stream stays open.
    void finish() throws IOException {
        tar.finish();
    }
}
