package airlock.backup;

import airlock.base.Hash;
import airlock.base.OwnFiles;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Writes the file of a backup: a POSIX tar that only its owner can read.
final class Archive implements Closeable {
    private static final int PIECE = 1 << 20;
    private static final int PRIVATE = 0600;

    private final FileChannel channel;
    private final TarArchiveOutputStream tar;
    private final Path sums;
    private final BufferedWriter lines;
    private int files;

    /// @param sums a temporary file for the checksums
    Archive(Path file, Path sums) throws IOException {
        this.sums = sums;
        lines = Files.newBufferedWriter(sums, StandardOpenOption.CREATE_NEW);
        channel = OwnFiles.create(file);
        tar =
                new TarArchiveOutputStream(
                        Channels.newOutputStream(channel), StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    void add(String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        open(name, bytes.length);
        tar.write(bytes);
        tar.closeArchiveEntry();
        note(name, bytes.length, Hash.sha256(bytes));
    }

    /// Adds a file with its current length; it may grow in the meantime.
    void add(String name, Path file) throws IOException {
        var sum = Hash.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            long size = Files.size(file);
            open(name, size);
            long left = size;
            byte[] piece = new byte[PIECE];
            while (left > 0) {
                int got = in.read(piece, 0, (int) Math.min(PIECE, left));
                if (got < 0) {
                    throw new IOException(file + " became shorter while it was copied");
                }
                tar.write(piece, 0, got);
                sum.add(piece, 0, got);
                left -= got;
            }
            tar.closeArchiveEntry();
            note(name, size, sum.hex());
        }
        files++;
    }

    private void open(String name, long size) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setMode(PRIVATE);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
    }

    private void note(String name, long size, String hash) throws IOException {
        lines.append(BackupSums.line(name, size, hash)).append('\n');
    }

    /// The number of files added.
    int files() {
        return files;
    }

    /// Adds the checksums and forces everything to disk; returns the length.
    long finish() throws IOException {
        lines.close();
        open(Layout.SUMS, Files.size(sums));
        Files.copy(sums, tar);
        tar.closeArchiveEntry();
        tar.finish();
        tar.flush();
        channel.force(true);
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        lines.close();
        channel.close();
    }
}
