package airlock.image;

import airlock.program.Ending;
import airlock.program.Program;
import airlock.program.Tail;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
