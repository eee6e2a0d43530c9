package airlock.results;

import airlock.event.Phase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Reads the frames of a [RunLog] through a buffer, since a log may be millions of short frames.
final class LogFrames {
    private static final int WINDOW = 64 << 10;

    private final FileChannel channel;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long base;

    LogFrames(FileChannel channel) {
        this.channel = channel;
    }

    /// How many bytes the frame at `at` has; -1 if no whole frame begins there.
    int length(long at) throws IOException {
        if (!holds(at, RunLog.HEADER)) {
            return -1;
        }
        int header = (int) (at - base);
        int length = window.getInt(header);
        return length < 0
                        || length > RunLog.LARGEST
                        || Phase.numbered(window.get(header + 4)).isEmpty()
                        || at + RunLog.HEADER + length > channel.size()
                ? -1
                : length;
    }

    /// The frame at `at`, for which [#length(long)] has just answered `length`.
    Frame chunk(long at, int length) throws IOException {
        int header = (int) (at - base);
        var phase = Phase.numbered(window.get(header + 4)).orElseThrow();
        short step = window.getShort(header + 6);
        byte stream = window.get(header + 5);
        long millis = window.getLong(header + 8);
        long next = at + RunLog.HEADER + length;
        return new Frame(at, next, phase, step, stream, millis, bytes(at + RunLog.HEADER, length));
    }

    private byte[] bytes(long at, int length) throws IOException {
        var bytes = new byte[length];
        if (length <= WINDOW && holds(at, length)) {
            window.get((int) (at - base), bytes);
        } else {
            readFully(ByteBuffer.wrap(bytes), at);
        }
        return bytes;
    }

    private boolean holds(long at, int length) throws IOException {
        if (at < base || at + length > base + window.limit()) {
            base = at;
            window.clear();
            readFully(window, at);
            window.flip();
        }
        return window.limit() >= at - base + length;
    }

    private void readFully(ByteBuffer into, long at) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position() - start) < 0) {
                return;
            }
        }
    }
}
