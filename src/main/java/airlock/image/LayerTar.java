package airlock.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Reads an untrusted tar archive, plain or compressed by gzip or zstd, entry by entry, without
/// creating its files.
final class LayerTar implements AutoCloseable {
    private static final long HEADERS = 4L << 20; // the most bytes of headers before an entry
    private static final int GZIP = 0x1f8b;
    private static final int PIECE = 1 << 16;

    private final String name;
    private final LayerStream stream;
    private final TarArchiveInputStream tar;
    private final LayerBudget budget;
    private long size;

    /// @param name for messages
    LayerTar(Path file, String name, LayerBudget budget, Zstd zstd) throws IOException {
        this.name = name;
        this.budget = budget;
        this.stream = new LayerStream(plain(file, zstd), budget);
        this.tar = new TarArchiveInputStream(stream, StandardCharsets.UTF_8.name());
    }

    private static InputStream plain(Path file, Zstd zstd) throws IOException {
        if (Zstd.isOf(file)) {
            return zstd.reading(file);
        }
        var raw = new BufferedInputStream(Files.newInputStream(file), PIECE);
        try {
            raw.mark(2);
            int magic = raw.read() << 8 | raw.read();
            raw.reset();
            return magic == GZIP ? new GZIPInputStream(raw, PIECE) : raw;
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /// The next entry; empty at the end of the archive.
    Optional<TarArchiveEntry> next() throws IOException {
        stream.allow(added(size, HEADERS));
        TarArchiveEntry entry;
        try {
            entry = tar.getNextEntry();
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ImageException(name + " cannot be read as a tar archive: " + e, e);
        }
        if (entry == null) {
            return Optional.empty();
        }
        budget.addEntry();
        size = Math.max(0, entry.getSize());
        stream.allow(added(size, HEADERS));
        return Optional.of(entry);
    }

    private static long added(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /// The capabilities of the current entry, in hexadecimal digits; empty for none.
    String capability(TarArchiveEntry entry) {
        String decoded = entry.getExtraPaxHeaders().getOrDefault(FileCapability.NAME, "");
        try {
            return decoded.isEmpty() ? "" : FileCapability.of(stream.last(), decoded);
        } catch (IllegalArgumentException _) {
            throw RootPaths.refused(entry.getName());
        }
    }

    InputStream content() {
        return tar;
    }

    /// Reads the rest; returns the SHA-256 of the uncompressed archive.
    String sum() throws IOException {
        return stream.drained();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
