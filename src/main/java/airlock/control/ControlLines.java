package airlock.control;

import airlock.base.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// One end of a connection to the control socket: commands and replies as JSON, one object a line,
/// whose member `is` names the record; for a shell, [Console.Input] and [Console.Heard] follow. One
/// thread may write while another reads.
final class ControlLines implements AutoCloseable {
    private static final int LONGEST = 1 << 20;

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    ControlLines(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel));
        this.out = Channels.newOutputStream(channel);
    }

    /// The next message; empty at the end of the stream.
    ///
    /// @throws ControlException if the line is too long or not such a message
    <T> Optional<T> next(Class<T> family) {
        var line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return Optional.empty();
                }
                if (line.size() == LONGEST) {
                    throw new ControlException(
                            "a line of the control protocol is longer than " + LONGEST);
                }
                line.write(b);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading from the control socket failed", e);
        }
        return Optional.of(read(line.toString(StandardCharsets.UTF_8), family));
    }

    private static <T> T read(String line, Class<T> family) {
        try {
            if (Json.STRICT.readTree(line) instanceof ObjectNode node) {
                String is = Json.text(node, "is");
                node.remove("is");
                for (Class<?> variant : family.getPermittedSubclasses()) {
                    if (variant.getSimpleName().equals(is)) {
                        return family.cast(Json.STRICT.treeToValue(node, variant));
                    }
                }
            }
        } catch (JacksonException e) {
            throw new ControlException(
                    "not a line of the control protocol: " + e.getOriginalMessage(), e);
        }
        throw new ControlException(
                "not a line of the control protocol: no such " + family.getSimpleName());
    }

    /// Writes a command, a reply, or what goes into a shell or comes out of it.
    void write(Record message) {
        try {
            out.write(bytes(message));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to the control socket failed", e);
        }
    }

    /// Hangs up.
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // nothing is lost with it
        }
    }

    static byte[] bytes(Record message) {
        ObjectNode node = Json.STRICT.valueToTree(message);
        node.put("is", message.getClass().getSimpleName());
        return (Json.STRICT.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
