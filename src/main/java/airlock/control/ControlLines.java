package airlock.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Lines over a channel, none longer than the protocol allows.
final class ControlLines {
    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).limit(0);

    ControlLines(SocketChannel channel) {
        this.channel = channel;
    }

    /// The next line without its end; empty at the end of the stream.
    Optional<String> next() {
        var line = new ByteArrayOutputStream();
        try {
            while (line.size() <= ControlCodec.LONGEST_LINE) {
                if (!more()) {
                    return Optional.empty();
                }
                while (buffer.hasRemaining()) {
                    byte b = buffer.get();
                    if (b == '\n') {
                        return Optional.of(line.toString(StandardCharsets.UTF_8));
                    }
                    line.write(b);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading from the control socket failed", e);
        }
        throw new ControlException(
                "a line of the control protocol is longer than " + ControlCodec.LONGEST_LINE);
    }

    /// What comes behind the lines that were read.
    InputStream rest() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return more() ? Byte.toUnsignedInt(buffer.get()) : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (!more()) {
                    return -1;
                }
                int got = Math.min(length, buffer.remaining());
                buffer.get(bytes, offset, got);
                return got;
            }
        };
    }

    /// Waits for bytes where none wait; whether there are some now.
    private boolean more() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        buffer.clear();
        int got = channel.read(buffer);
        buffer.flip();
        return got >= 0;
    }

    void write(byte[] line) {
        var bytes = ByteBuffer.wrap(line);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to the control socket failed", e);
        }
    }
}
