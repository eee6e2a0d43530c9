package airlock.results;

import airlock.event.Phase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Reads the frames of a [RunLog], which may be millions of short ones.
final class LogFrames {
    private final FileChannel channel;
    private final FileWindow window;

    LogFrames(FileChannel channel) {
        this.channel = channel;
        this.window = new FileWindow(channel);
    }

    /// How many bytes the frame at `at` has; -1 if no whole frame begins there.
    int length(long at) throws IOException {
        ByteBuffer header = window.read(at, RunLog.HEADER);
        if (header.remaining() < RunLog.HEADER) {
            return -1;
        }
        int length = header.getInt(0);
        return length < 0
                        || length > RunLog.LARGEST
                        || Phase.numbered(header.get(4)).isEmpty()
                        || at + RunLog.HEADER + length > channel.size()
                ? -1
                : length;
    }

    /// The frame at `at`, whose [#length(long)] is `length`.
    LogFrame frame(long at, int length) throws IOException {
        ByteBuffer header = window.read(at, RunLog.HEADER);
        var phase = Phase.numbered(header.get(4)).orElseThrow();
        byte stream = header.get(5);
        short step = header.getShort(6);
        long millis = header.getLong(8);
        var bytes = new byte[length];
        window.read(at + RunLog.HEADER, length).get(bytes);
        return new LogFrame(at, at + RunLog.HEADER + length, phase, step, stream, millis, bytes);
    }
}
