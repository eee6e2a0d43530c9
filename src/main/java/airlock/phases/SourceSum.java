package airlock.phases;

import airlock.base.Hash;
import airlock.results.StrictTar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/// A SHA-256 over parts, each with its length, so that their boundaries count.
final class SourceSum {
    /// A source with more entries counts as a whole.
    private static final int MOST_ENTRIES = 200_000;

    private final Hash sum = Hash.sha256();

    /// 64 hexadecimal digits; must be called last.
    String hex() {
        return sum.hex();
    }

    SourceSum text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    SourceSum bytes(byte[] bytes) {
        sum.add(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip()).add(bytes);
        return this;
    }

    SourceSum number(long number) {
        sum.add(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        return this;
    }

    /// Adds a whole source.
    SourceSum whole(Path tar) throws IOException {
        text("source");
        number(Files.size(tar));
        sum.add(tar, _ -> {});
        return this;
    }

    /// Adds the wanted entries of a source with their names, kinds and contents; the whole source
    /// if it can't be read.
    SourceSum of(Path tar, Predicate<StrictTar.Entry> wanted) throws IOException {
        if (!StrictTar.walk(tar, MOST_ENTRIES, _ -> {}).isEmpty()) {
            return whole(tar);
        }
        text("files");
        try (var channel = FileChannel.open(tar)) {
            StrictTar.walk(tar, MOST_ENTRIES, entry -> addIf(wanted, entry, channel));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return this;
    }

    private void addIf(Predicate<StrictTar.Entry> wanted, StrictTar.Entry entry, FileChannel tar) {
        try {
            if (wanted.test(entry)) {
                add(entry, tar);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(StrictTar.Entry entry, FileChannel tar) throws IOException {
        text(entry.path());
        text(entry.kind().name());
        if (entry.kind() == StrictTar.Kind.FILE) {
            number(entry.size());
            copy(Channels.newInputStream(tar.position(entry.offset())), entry.size());
        }
    }

    private void copy(InputStream in, long size) throws IOException {
        var buffer = new byte[1 << 16];
        long left = size;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new IOException("the source ends in the middle of a file");
            }
            sum.add(buffer, 0, read);
            left -= read;
        }
    }
}
