package airlock.phases;

import airlock.results.StrictTar;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Predicate;

/// A SHA-256 over parts, each with its length, so that none of them runs into the next.
final class SourceSum {
    /// A source with more entries counts as a whole.
    private static final int MOST_ENTRIES = 200_000;

    private final MessageDigest sum;
    private final DataOutputStream out;

    SourceSum() {
        try {
            sum = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        out = new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sum));
    }

    /// 64 hexadecimal digits; it is over then.
    String hex() {
        return HexFormat.of().formatHex(sum.digest());
    }

    SourceSum text(String text) throws IOException {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    SourceSum bytes(byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
        return this;
    }

    SourceSum number(long number) throws IOException {
        out.writeLong(number);
        return this;
    }

    /// All of a source.
    SourceSum whole(Path tar) throws IOException {
        text("source");
        number(Files.size(tar));
        Files.copy(tar, out);
        return this;
    }

    /// The entries of a source that are wanted, with their names and kinds and what is in files;
    /// all of it where it can't be read.
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
            out.write(buffer, 0, read);
            left -= read;
        }
    }
}
