package airlock.control;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A message between the two ends of an open shell. On the wire: `u8` type, `u16` payload length
/// (big-endian), payload.
sealed interface ShellFrame {
    /// Largest payload, in bytes.
    int MOST = 16 * 1024;

    /// Keys to the shell, or output from it. The server sends an empty one to an idle client.
    record Bytes(byte[] payload) implements ShellFrame {}

    /// The size of the terminal's window, 1 to 65,535 each; from the client.
    record Size(int columns, int rows) implements ShellFrame {}

    /// The client's input has ended; from the client.
    record End() implements ShellFrame {}

    /// The shell exited with this code; the server's last frame.
    record Exit(int code) implements ShellFrame {}

    /// The shell ended without a code; the server's last frame.
    record Lost(String why) implements ShellFrame {}

    /// Splits keys or output into frames.
    static List<ShellFrame> of(byte[] all) {
        return IntStream.iterate(0, at -> at < all.length, at -> at + MOST)
                .<ShellFrame>mapToObj(
                        at ->
                                new Bytes(
                                        Arrays.copyOfRange(
                                                all, at, Math.min(all.length, at + MOST))))
                .toList();
    }

    /// Encodes this frame.
    default byte[] bytes() {
        return switch (this) {
            case Bytes(byte[] payload) -> framed(1, payload);
            case Size(int columns, int rows) -> framed(2, ints((columns << Short.SIZE) | rows));
            case End() -> framed(3, new byte[0]);
            case Exit(int code) -> framed(4, ints(code));
            case Lost(String why) -> {
                byte[] text = why.getBytes(StandardCharsets.UTF_8);
                yield framed(5, Arrays.copyOf(text, Math.min(text.length, 4096)));
            }
        };
    }

    private static byte[] ints(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private static byte[] framed(int type, byte[] payload) {
        if (payload.length > MOST) {
            throw new IllegalArgumentException(payload.length + " bytes in a frame of a shell");
        }
        return ByteBuffer.allocate(1 + Short.BYTES + payload.length)
                .put((byte) type)
                .putShort((short) payload.length)
                .put(payload)
                .array();
    }

    /// Reads the next frame; empty if the other end has disconnected, even within a frame.
    ///
    /// @throws ControlException if the frame is invalid
    static Optional<ShellFrame> read(DataInputStream in) {
        try {
            int type = in.readUnsignedByte();
            int length = in.readUnsignedShort();
            if (length > MOST) {
                throw new ControlException(
                        "a frame of a shell has " + length + " bytes; at most " + MOST);
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            return Optional.of(frame(type, payload));
        } catch (EOFException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ControlException("the control socket cannot be read", e);
        }
    }

    private static ShellFrame frame(int type, byte[] payload) {
        return switch (type) {
            case 1 -> new Bytes(payload);
            case 2 -> size(exactly(Integer.BYTES, payload));
            case 3 -> {
                exactly(0, payload);
                yield new End();
            }
            case 4 -> new Exit(exactly(Integer.BYTES, payload).getInt());
            case 5 -> new Lost(new String(payload, StandardCharsets.UTF_8));
            default -> throw new ControlException("no frame of a shell is of type " + type);
        };
    }

    private static ShellFrame size(ByteBuffer payload) {
        int columns = Short.toUnsignedInt(payload.getShort());
        int rows = Short.toUnsignedInt(payload.getShort());
        if (columns == 0 || rows == 0) {
            throw new ControlException("a window of " + columns + " times " + rows);
        }
        return new Size(columns, rows);
    }

    private static ByteBuffer exactly(int length, byte[] payload) {
        if (payload.length != length) {
            throw new ControlException(
                    "a frame of a shell has " + payload.length + " bytes instead of " + length);
        }
        return ByteBuffer.wrap(payload);
    }
}
