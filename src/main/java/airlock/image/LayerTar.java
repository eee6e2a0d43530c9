package airlock.image;

import airlock.base.Hash;
import airlock.image.RootTar.FileCapability;
import airlock.program.Ending;
import airlock.program.Program;
import airlock.program.Tail;
import airlock.sandbox.Sandbox;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

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

    @FunctionalInterface
    interface Visitor {
        /// Takes one entry.
        ///
        /// @param number of the entry, from 0
        void visit(int number, TarArchiveEntry header) throws IOException;
    }

    /// Reads all entries; [#content] and [#capability] are the visited one's.
    void each(Visitor visitor) throws IOException {
        long size = 0;
        for (int number = 0; ; number++) {
            stream.allow(added(size, HEADERS));
            var entry = next();
            if (entry == null) {
                return;
            }
            budget.addEntry();
            size = Math.max(0, entry.getSize());
            stream.allow(added(size, HEADERS));
            visitor.visit(number, entry);
        }
    }

    private @Nullable TarArchiveEntry next() {
        try {
            return tar.getNextEntry();
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ImageException(name + " cannot be read as a tar archive: " + e, e);
        }
    }

    private static long added(long one, long other) {
        return Math.min(one, Long.MAX_VALUE - other) + other;
    }

    /// The capabilities of the current entry, in hexadecimal digits; empty for none.
    String capability(TarArchiveEntry entry) {
        String decoded = entry.getExtraPaxHeaders().getOrDefault(FileCapability.NAME, "");
        try {
            return decoded.isEmpty() ? "" : FileCapability.of(stream.last(), decoded);
        } catch (IllegalArgumentException _) {
            throw RootTree.refused(entry.getName());
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

    /// Hashes a decompressed layer while it is read, and limits what may be read next, so that no
    /// header makes its reader hold gigabytes.
    static final class LayerStream extends InputStream {
        private static final int LAST = 16 << 10;

        private final InputStream in;
        private final Hash hash = Hash.sha256();
        private final LayerBudget budget;
        private long allowed = Long.MAX_VALUE;

        /// The bytes that were read last, for headers that the library decodes wrongly.
        private final byte[] last = new byte[LAST];

        private int kept;

        /// @param budget of all layers together
        LayerStream(InputStream in, LayerBudget budget) {
            this.in = in;
            this.budget = budget;
        }

        void allow(long bytes) {
            allowed = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (allowed <= 0 && length > 0) {
                throw new ImageException("a layer has headers that are too long");
            }
            int count = in.read(bytes, offset, (int) Math.min(length, allowed));
            if (count > 0) {
                allowed -= count;
                budget.addBytes(count);
                hash.add(bytes, offset, count);
                keep(bytes, offset, count);
            }
            return count;
        }

        private void keep(byte[] bytes, int offset, int count) {
            int fresh = Math.min(count, LAST);
            int old = Math.min(kept, LAST - fresh);
            System.arraycopy(last, kept - old, last, 0, old);
            System.arraycopy(bytes, offset + count - fresh, last, old, fresh);
            kept = old + fresh;
        }

        /// Up to 16 KiB that were read last.
        byte[] last() {
            return Arrays.copyOf(last, kept);
        }

        /// Reads the rest and returns the SHA-256 of all.
        String drained() throws IOException {
            allow(Long.MAX_VALUE);
            transferTo(OutputStream.nullOutputStream());
            return hash.hex();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /// Limits the bytes and files of a container image, over all of its layers.
    static final class LayerBudget {
        static final long MOST_BYTES = 1L << 37; // 64 GiB, counted in the archive and in its layers
        static final int MOST_ENTRIES = 1_000_000;

        private final long mostBytes;
        private final int mostEntries;
        private long bytes;
        private int entries;

        LayerBudget(long mostBytes, int mostEntries) {
            this.mostBytes = mostBytes;
            this.mostEntries = mostEntries;
        }

        static LayerBudget standard() {
            return new LayerBudget(MOST_BYTES, MOST_ENTRIES);
        }

        void addBytes(long more) {
            bytes += more;
            if (bytes > mostBytes) {
                throw new ImageException(
                        "the container image unpacks to more than " + mostBytes + " bytes");
            }
        }

        void addEntry() {
            entries++;
            if (entries > mostEntries) {
                throw new ImageException(
                        "the container image has more than " + mostEntries + " files");
            }
        }
    }

    /// Decompresses layers with zstd(1) (RFC 8878) in a sandbox, since it is C code that reads
    /// untrusted data.
    ///
    /// @param home the directory that it may write, created when needed
    record Zstd(Sandbox box, Path home) {
        private static final int FRAME = 0xfd2fb528;
        private static final int SKIPPABLE = 0x184d2a50;
        private static final int SKIPPABLE_MASK = 0xfffffff0;
        private static final int SHOWN = 4096;
        private static final Duration DRAIN = Duration.ofSeconds(2);

        /// Fits the largest window that `zstd --ultra` uses.
        private static final String WINDOW = "--memory=128MB";

        private static final Tool ZSTD = new Tool("zstd");

        /// Whether a file begins like zstd's format.
        static boolean isOf(Path file) throws IOException {
            try (var in = Files.newInputStream(file)) {
                byte[] start = in.readNBytes(Integer.BYTES);
                if (start.length < Integer.BYTES) {
                    return false;
                }
                int magic = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt();
                return magic == FRAME || (magic & SKIPPABLE_MASK) == SKIPPABLE;
            }
        }

        /// Decompresses a file; closing the stream ends the program.
        InputStream reading(Path file) throws IOException {
            ZSTD.requireHere("a layer is compressed by zstd");
            Files.createDirectories(home);
            var process = box.start(home, List.of(), ZSTD.line("-dcq", WINDOW, "-"));
            Thread.ofVirtual().name("zstd-in").start(() -> feed(process, file));
            var end = new End(process, Tail.reading(process.getErrorStream(), SHOWN));
            return new SequenceInputStream(process.getInputStream(), end);
        }

        private static void feed(Process process, Path file) {
            try (var out = process.getOutputStream();
                    var in = Files.newInputStream(file)) {
                in.transferTo(out);
            } catch (IOException _) {
                // the program has ended, and its reader reports why
            }
        }

        /// Comes after its stdout: throws if the program failed.
        private static final class End extends InputStream {
            private final Process process;
            private final Tail errors;

            private End(Process process, Tail errors) {
                this.process = process;
                this.errors = errors;
            }

            @Override
            public int read() throws IOException {
                try {
                    var ending = new Ending("zstd", process.waitFor(), errors.textWithin(DRAIN));
                    if (!ending.passed()) {
                        throw new ImageException("cannot read a layer: " + ending.words());
                    }
                    return -1;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while zstd ended");
                }
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }

            @Override
            public void close() {
                Program.end(process);
            }
        }
    }
}
