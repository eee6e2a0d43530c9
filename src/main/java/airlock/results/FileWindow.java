package airlock.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Reads small parts of a file through a buffer. Not thread-safe.
final class FileWindow {
    private static final int SIZE = 64 << 10;

    private final FileChannel channel;
    private final ByteBuffer window = ByteBuffer.allocate(SIZE).limit(0);
    private long base;

    FileWindow(FileChannel channel) {
        this.channel = channel;
    }

    /// The `length` bytes from `offset` on, or fewer at the end of the file. The next call
    /// overwrites them.
    ByteBuffer read(long offset, int length) throws IOException {
        if (length > SIZE) {
            return fill(ByteBuffer.allocate(length), offset);
        }
        if (offset < base || offset + length > base + window.limit()) {
            base = offset;
            fill(window.clear(), offset);
        }
        int start = (int) Math.min(offset - base, window.limit());
        return window.slice(start, Math.min(length, window.limit() - start));
    }

    private ByteBuffer fill(ByteBuffer buffer, long offset) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.flip();
    }
}
