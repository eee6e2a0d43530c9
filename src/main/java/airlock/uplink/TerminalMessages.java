package airlock.uplink;

import airlock.uplink.Terminal.WindowSize;
import airlock.uplink.Terminal.Said;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// The messages in a terminal's stream: `u8` type, `u16` length and that many bytes, little-endian
/// (docs/uplink.md). Writes the host's, and reads the guest's, cut anywhere, in a fixed amount of
/// memory. One thread may read.
final class TerminalMessages {
    static final int HEAD = 3;

    /// Most bytes of one message of keys.
    static final int MOST_KEYS = 4096;

    /// Most bytes of output in one message, which fills one piece of a stream.
    private static final int MOST_OUTPUT = Frame.MOST_DATA - HEAD;

    private static final int KEYS = 1;
    private static final int SIZE = 2;
    private static final int HANG_UP = 3;
    private static final int OUTPUT = 1;
    private static final int EXIT = 2;

    /// Holds a piece behind all but the last byte of a message.
    private final byte[] bytes = new byte[Frame.MOST_DATA + UplinkStream.MOST_PIECE];

    private int from;
    private int to;
    private boolean exited;

    /// @param length 1 to [#MOST_KEYS]
    static byte[] keys(byte[] keys, int offset, int length) {
        return message(KEYS, length).put(keys, offset, length).array();
    }

    static byte[] size(WindowSize size) {
        return message(SIZE, 2 * Short.BYTES)
                .putShort((short) size.columns())
                .putShort((short) size.rows())
                .array();
    }

    static byte[] hangUp() {
        return message(HANG_UP, 0).array();
    }

    private static ByteBuffer message(int type, int length) {
        return ByteBuffer.allocate(HEAD + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) type)
                .putShort((short) length);
    }

    /// Takes the next bytes, once [#next] wants more.
    ///
    /// @param piece at most [UplinkStream#MOST_PIECE] bytes
    void add(byte[] piece) {
        System.arraycopy(bytes, from, bytes, 0, to - from);
        to -= from;
        from = 0;
        System.arraycopy(piece, 0, bytes, to, piece.length);
        to += piece.length;
    }

    /// Whether a part of a message has come.
    boolean isWithin() {
        return from < to;
    }

    /// The guest's next message; empty if it is not here as a whole.
    ///
    /// @throws ProtocolException if the guest broke the protocol; this must not be used further
    Optional<Said> next() throws ProtocolException {
        if (exited && isWithin()) {
            throw new ProtocolException("more after the end of the shell");
        }
        if (to - from < HEAD) {
            return Optional.empty();
        }
        var head = ByteBuffer.wrap(bytes, from, HEAD).order(ByteOrder.LITTLE_ENDIAN);
        int type = head.get() & 0xff;
        int length = head.getShort() & 0xffff;
        if (type != OUTPUT && type != EXIT) {
            throw new ProtocolException("a message of unknown type " + type);
        }
        if (type == OUTPUT ? length < 1 || length > MOST_OUTPUT : length != 1) {
            throw new ProtocolException(
                    "a message of type %d with %d bytes".formatted(type, length));
        }
        int start = from + HEAD;
        if (to - start < length) {
            return Optional.empty();
        }
        from = start + length;
        exited = type == EXIT;
        return Optional.of(
                exited
                        ? new Said.Exited(bytes[start] & 0xff)
                        : new Said.Output(Arrays.copyOfRange(bytes, start, from)));
    }
}
