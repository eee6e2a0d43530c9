package airlock.results;

import airlock.event.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// The log of one run: a file of frames, so that stdout and stderr stay apart and in order.
///
/// **Format** of a frame, big-endian: `int` length of the bytes, `byte` phase (1 to 3), `byte`
/// stream (0 host, 1 stdout, 2 stderr), `short` step (-1: none), `long` milliseconds since 1970,
/// the bytes. Frames only get appended; one that a crash cut short is dropped when the file is
/// opened for writing again. **Threads**: one writer, any number of readers.
public final class RunLog implements AutoCloseable {
    static final int HEADER = 16;
    static final int LARGEST = 1 << 20;

    private final FileChannel channel;
    private long end;

    private RunLog(FileChannel channel, long end) {
        this.channel = channel;
        this.end = end;
    }

    /// Opens `file` for appending, makes it where it is missing.
    static RunLog append(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            long end = wholeFrames(channel);
            channel.truncate(end);
            return new RunLog(channel, end);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the log " + file + " for writing", e);
        }
    }

    private static long wholeFrames(FileChannel channel) throws IOException {
        long at = 0;
        var header = ByteBuffer.allocate(HEADER);
        while (true) {
            header.clear();
            if (readFully(channel, header, at) < HEADER) {
                return at;
            }
            int length = header.getInt(0);
            if (length < 0 || length > LARGEST || at + HEADER + length > channel.size()) {
                return at;
            }
            at += HEADER + length;
        }
    }

    /// Appends `bytes`; returns the offset of the first frame.
    public synchronized long add(Phase phase, int step, int stream, long millis, byte[] bytes) {
        long first = end;
        try {
            for (int from = 0; from < bytes.length; from += LARGEST) {
                int length = Math.min(LARGEST, bytes.length - from);
                var frame = ByteBuffer.allocate(HEADER + length);
                frame.putInt(length)
                        .put((byte) phase.number())
                        .put((byte) stream)
                        .putShort((short) step)
                        .putLong(millis)
                        .put(bytes, from, length)
                        .flip();
                long at = end;
                while (frame.hasRemaining()) {
                    at += channel.write(frame, at);
                }
                end = at;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to a run's log", e);
        }
        return first;
    }

    /// Where the next frame will begin.
    public synchronized long end() {
        return end;
    }

    /// Makes sure that what was added is on disk.
    public void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a run's log to disk", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a run's log", e);
        }
    }

    /// Reads whole frames from `offset` on, about `most` bytes of them; empty at the end.
    static List<LogChunk> read(FileChannel channel, long offset, int most) throws IOException {
        var chunks = new ArrayList<LogChunk>();
        var header = ByteBuffer.allocate(HEADER);
        long at = offset;
        while (at - offset < most) {
            header.clear();
            if (readFully(channel, header, at) < HEADER) {
                break;
            }
            int length = header.getInt(0);
            var phase = Phase.numbered(header.get(4));
            if (length < 0 || length > LARGEST || phase.isEmpty()) {
                break;
            }
            var bytes = ByteBuffer.allocate(length);
            if (readFully(channel, bytes, at + HEADER) < length) {
                break;
            }
            long next = at + HEADER + length;
            chunks.add(
                    new LogChunk(
                            at,
                            next,
                            phase.get(),
                            header.getShort(6),
                            header.get(5),
                            header.getLong(8),
                            bytes.array()));
            at = next;
        }
        return chunks;
    }

    private static int readFully(FileChannel channel, ByteBuffer into, long at) throws IOException {
        int got = 0;
        while (into.hasRemaining()) {
            int n = channel.read(into, at + got);
            if (n < 0) {
                break;
            }
            got += n;
        }
        return got;
    }
}
