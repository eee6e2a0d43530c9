package airlock.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
                if (!buffer.hasRemaining()) {
                    buffer.clear();
                    int got = channel.read(buffer);
                    buffer.flip();
                    if (got < 0) {
                        return Optional.empty();
                    }
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
