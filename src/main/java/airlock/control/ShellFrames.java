package airlock.control;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Reads and writes [ShellFrame]s. One that breaks the rules ends the reading with a
/// [ControlException]; never more than one is in memory.
final class ShellFrames {
    private static final int HEAD = 3;
    private static final int BYTES = 1;
    private static final int SIZE = 2;
    private static final int END = 3;
    private static final int EXIT = 4;
    private static final int LOST = 5;
    private static final int MOST_TEXT = 4096;

    private final DataInputStream in;

    ShellFrames(InputStream in) {
        this.in = new DataInputStream(in);
    }

    static byte[] write(ShellFrame frame) {
        return switch (frame) {
            case ShellFrame.Bytes(byte[] bytes) -> framed(BYTES, bytes);
            case ShellFrame.Size(int columns, int rows) ->
                    framed(
                            SIZE,
                            ByteBuffer.allocate(2 * Short.BYTES)
                                    .putShort((short) columns)
                                    .putShort((short) rows)
                                    .array());
            case ShellFrame.End() -> framed(END, new byte[0]);
            case ShellFrame.Exit(int code) ->
                    framed(EXIT, ByteBuffer.allocate(Integer.BYTES).putInt(code).array());
            case ShellFrame.Lost(String why) -> {
                byte[] text = why.getBytes(StandardCharsets.UTF_8);
                yield framed(LOST, Arrays.copyOf(text, Math.min(text.length, MOST_TEXT)));
            }
        };
    }

    private static byte[] framed(int type, byte[] payload) {
        if (payload.length > ShellFrame.MOST) {
            throw new IllegalArgumentException(payload.length + " bytes in a frame of a shell");
        }
        return ByteBuffer.allocate(HEAD + payload.length)
                .put((byte) type)
                .putShort((short) payload.length)
                .put(payload)
                .array();
    }

    /// The next one; empty where the other end has gone, whether after a frame or within one.
    ///
    /// @throws ControlException for anything that is none
    Optional<ShellFrame> next() {
        try {
            int type = in.read();
            if (type < 0) {
                return Optional.empty();
            }
            int length = in.readUnsignedShort();
            if (length > ShellFrame.MOST) {
                throw new ControlException(
                        "a frame of a shell has " + length + " bytes; at most " + ShellFrame.MOST);
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
            case BYTES -> new ShellFrame.Bytes(payload);
            case SIZE -> size(exactly(2 * Short.BYTES, payload));
            case END -> {
                exactly(0, payload);
                yield new ShellFrame.End();
            }
            case EXIT -> new ShellFrame.Exit(exactly(Integer.BYTES, payload).getInt());
            case LOST -> new ShellFrame.Lost(new String(payload, StandardCharsets.UTF_8));
            default -> throw new ControlException("no frame of a shell is of type " + type);
        };
    }

    private static ShellFrame size(ByteBuffer payload) {
        int columns = Short.toUnsignedInt(payload.getShort());
        int rows = Short.toUnsignedInt(payload.getShort());
        if (columns == 0 || rows == 0) {
            throw new ControlException("a window of " + columns + " times " + rows);
        }
        return new ShellFrame.Size(columns, rows);
    }

    private static ByteBuffer exactly(int length, byte[] payload) {
        if (payload.length != length) {
            throw new ControlException(
                    "a frame of a shell has " + payload.length + " bytes instead of " + length);
        }
        return ByteBuffer.wrap(payload);
    }
}
