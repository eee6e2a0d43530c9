package airlock.uplink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Reads a guest's messages in a terminal's stream, cut anywhere, in a fixed amount of memory. For
/// one thread.
final class TerminalReader {
    /// Most bytes of output in one message, which fills one piece of a stream.
    static final int MOST_OUTPUT = Frame.MOST_DATA - TerminalBytes.HEAD;

    private static final int OUTPUT = 1;
    private static final int EXIT = 2;

    /// Holds a piece behind all but the last byte of a message.
    private final byte[] bytes = new byte[Frame.MOST_DATA + UplinkStream.MOST_PIECE];

    private int from;
    private int to;
    private boolean exited;

    sealed interface Reading {
        /// At least one byte.
        record Output(byte[] bytes) implements Reading {}

        /// The shell's end, the last message.
        record Exit(int code) implements Reading {}

        /// No whole message yet.
        record More() implements Reading {}

        /// Against the protocol; the reader must not be used further.
        record Bad(String why) implements Reading {}
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

    Reading next() {
        if (exited && isWithin()) {
            return new Reading.Bad("more after the end of the shell");
        }
        if (to - from < TerminalBytes.HEAD) {
            return new Reading.More();
        }
        var head = ByteBuffer.wrap(bytes, from, TerminalBytes.HEAD).order(ByteOrder.LITTLE_ENDIAN);
        int type = head.get() & 0xff;
        int length = head.getShort() & 0xffff;
        if (type != OUTPUT && type != EXIT) {
            return new Reading.Bad("a message of unknown type " + type);
        }
        if (type == OUTPUT ? length < 1 || length > MOST_OUTPUT : length != 1) {
            return new Reading.Bad("a message of type %d with %d bytes".formatted(type, length));
        }
        int start = from + TerminalBytes.HEAD;
        if (to - start < length) {
            return new Reading.More();
        }
        from = start + length;
        if (type == EXIT) {
            exited = true;
            return new Reading.Exit(bytes[start] & 0xff);
        }
        return new Reading.Output(Arrays.copyOfRange(bytes, start, from));
    }
}
