package airlock.results;

import airlock.event.Phase;
import airlock.results.RunLogs.LogFrames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The log of one run: a file of frames, which keep stdout and stderr apart and in order.
///
/// **Format** of a frame, big-endian: `int` length of the bytes, `byte` phase (1 to 3), `byte`
/// stream (0 host, 1 stdout, 2 stderr, 3 bash's trace), `short` step (-1: none), `long`
/// milliseconds since 1970, the bytes. Frames are only appended. Opening the file for writing drops
/// a frame that a crash cut short. **Limits**: a frame has at most [#MOST] bytes and [#MOST_MARKS]
/// line ends and escapes, so readers can limit both. **Threads**: one writer, any number of
/// readers.
public final class RunLog implements AutoCloseable {
    static final int HEADER = 16;

    /// Bytes of the longest frame that readers accept.
    static final int LARGEST = 1 << 20;

    /// Bytes of the longest frame that the writer makes.
    public static final int MOST = 16 << 10;

    /// Line ends and escapes in one frame.
    public static final int MOST_MARKS = 256;

    private final FileChannel channel;
    private final LogIndex index;
    private final Runnable grown;
    private long end;

    private RunLog(FileChannel channel, LogIndex index, long end, Runnable grown) {
        this.channel = channel;
        this.index = index;
        this.end = end;
        this.grown = grown;
    }

    /// Opens `file` for appending, and creates it if it is missing.
    ///
    /// @param grown runs after each addition
    static RunLog append(Path file, Runnable grown) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            var index = LogIndex.empty(file);
            long end = wholeFrames(channel, index);
            channel.truncate(end);
            return new RunLog(channel, index, end, grown);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the log " + file + " for writing", e);
        }
    }

    static long wholeFrames(FileChannel channel, LogIndex index) throws IOException {
        var frames = new LogFrames(channel);
        long at = 0;
        for (int length = frames.length(at); length >= 0; length = frames.length(at)) {
            index.begins(at);
            at += HEADER + length;
        }
        return at;
    }

    /// Appends `bytes`; returns the offset of the first frame.
    public synchronized long add(Phase phase, int step, int stream, long millis, byte[] bytes) {
        long first = end;
        try {
            int to;
            for (int from = 0; from < bytes.length; from = to) {
                to = cut(bytes, from);
                var frame = ByteBuffer.allocate(HEADER + to - from);
                frame.putInt(to - from)
                        .put((byte) phase.number())
                        .put((byte) stream)
                        .putShort((short) step)
                        .putLong(millis)
                        .put(bytes, from, to - from)
                        .flip();
                long at = end;
                while (frame.hasRemaining()) {
                    at += channel.write(frame, at);
                }
                index.begins(end);
                end = at;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to a run's log", e);
        }
        grown.run();
        return first;
    }

    /// Where to end the frame that begins at `from`: not within a UTF-8 character.
    private static int cut(byte[] bytes, int from) {
        int most = Math.min(bytes.length, from + MOST);
        int to = from;
        for (int marks = 0; to < most && marks < MOST_MARKS; to++) {
            byte b = bytes[to];
            if (b == '\n' || b == '\r' || b == 0x1b || b == (byte) 0x9b) {
                marks++;
            }
        }
        int least = Math.max(from + 1, to - 3);
        while (to < bytes.length && to > least && (bytes[to] & 0xc0) == 0x80) {
            to--;
        }
        return to;
    }

    public synchronized long end() {
        return end;
    }

    public void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a run's log to disk", e);
        }
    }

    @Override
    public void close() {
        try (index) {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a run's log", e);
        }
    }

    /// Finds a frame near an offset of a log without reading the log from its start.
    ///
    /// **Format**: a file beside the log with one big-endian `long` for each [#GRAIN] bytes of the
    /// log: the offset of the first frame that begins there or later. It only saves time, so it may
    /// be short or missing, for example after a crash. Opening the log for writing rebuilds it.
    static final class LogIndex implements AutoCloseable {
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

        /// Where to start looking for the first frame at or after `offset`: at that frame, or, if
        /// the index is whole, at one less than [#GRAIN] bytes before it.
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
}
