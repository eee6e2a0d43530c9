package airlock.image;

import airlock.program.Ending;
import airlock.program.Program;
import airlock.program.Tail;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// zstd(1) of Debian's, which reads layers that are compressed by it (RFC 8878). It is C and reads
/// what strangers made, so it has a box around it.
///
/// @param home what it may write; made when it is needed
record Zstd(Box box, Path home) {
    private static final int FRAME = 0xfd2fb528;
    private static final int SKIPPABLE = 0x184d2a50;
    private static final int SKIPPABLE_MASK = 0xfffffff0;
    private static final int SHOWN = 4096;
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /// The largest window that its own `--ultra` writes.
    private static final String WINDOW = "--memory=128MB";

    private static final Tool ZSTD = new Tool("zstd");

    /// Whether a file begins as one of these.
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

    /// What is in the file; whoever closes it early ends the program.
    InputStream reading(Path file) throws IOException {
        ZSTD.requireHere("a layer is compressed by zstd");
        Files.createDirectories(home);
        var process = box.start(home, List.of(), ZSTD.line("-dcq", WINDOW, "-"));
        Thread.ofVirtual().name("zstd-in").start(() -> feed(process, file));
        return new Plain(process);
    }

    private static void feed(Process process, Path file) {
        try (var out = process.getOutputStream();
                var in = Files.newInputStream(file)) {
            in.transferTo(out);
        } catch (IOException _) {
            // it has ended, and whoever reads it sees why
        }
    }

    /// What it writes; its failure is one of the reader.
    private static final class Plain extends FilterInputStream {
        private final Process process;
        private final Tail errors;

        private Plain(Process process) {
            super(process.getInputStream());
            this.process = process;
            this.errors = Tail.reading(process.getErrorStream(), SHOWN);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count < 0) {
                checkEnd();
            }
            return count;
        }

        private void checkEnd() throws IOException {
            try {
                int code = process.waitFor();
                var ending = new Ending("zstd", code, errors.textWithin(DRAIN));
                if (!ending.passed()) {
                    throw new ImageException("cannot read a layer: " + ending.words());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while zstd ended");
            }
        }

        @Override
        public void close() throws IOException {
            Program.end(process);
            super.close();
        }
    }
}
