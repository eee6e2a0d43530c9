package airlock.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Finds a frame near an offset of a log without reading the log from its start.
///
/// **Format**: a file beside the log with one big-endian `long` for each [#GRAIN] bytes of the log:
/// the offset of the first frame that begins there or later. It only saves time, so it may be short
/// or missing, for example after a crash. Opening the log for writing rebuilds it.
final class LogIndex implements AutoCloseable {
    static final int GRAIN = 64 << 10;

    private final FileChannel channel;
    private long slots;

    private LogIndex(FileChannel channel) {
        this.channel = channel;
    }

    static LogIndex empty(Path log) throws IOException {
        return new LogIndex(
                FileChannel.open(
                        file(log),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE));
    }

    static Path file(Path log) {
        return log.resolveSibling(log.getFileName() + ".index");
    }

    void begins(long offset) throws IOException {
        for (; slots * GRAIN <= offset; slots++) {
            var slot = ByteBuffer.allocate(Long.BYTES).putLong(offset).flip();
            channel.write(slot, slots * Long.BYTES);
        }
    }

    /// Where to start looking for the first frame at or after `offset`: at that frame, or, if the
    /// index is whole, at one less than [#GRAIN] bytes before it.
    static long start(Path log, long offset) throws IOException {
        try (var channel = FileChannel.open(file(log), StandardOpenOption.READ)) {
            long slot = Math.min(offset / GRAIN, channel.size() / Long.BYTES - 1);
            var at = ByteBuffer.allocate(Long.BYTES);
            return slot >= 0 && channel.read(at, slot * Long.BYTES) == Long.BYTES
                    ? at.getLong(0)
                    : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the index of a log", e);
        }
    }
}
