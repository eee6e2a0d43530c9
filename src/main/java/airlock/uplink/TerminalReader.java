package airlock.uplink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Reads what a guest says in a terminal's stream, in a fixed amount of memory, however it is cut.
/// For one thread.
final class TerminalReader {
    /// Most bytes of one message of output, which fills one piece of a stream.
    static final int MOST_OUTPUT = Frame.MOST_DATA - TerminalBytes.HEAD;

    private static final int OUTPUT = 1;
    private static final int EXIT = 2;

    /// Room for a piece behind all but the last byte of a message.
    private final byte[] bytes = new byte[Frame.MOST_DATA + UplinkStream.MOST_PIECE];

    private int from;
    private int to;
    private boolean exited;

    /// What there is to read.
    sealed interface Reading {
        /// Output, at least a byte.
        record Output(byte[] bytes) implements Reading {}

        /// The shell has ended; the last message.
        record Exit(int code) implements Reading {}

        /// Nothing until more has come.
        record More() implements Reading {}

        /// What no program of ours sends; nothing after it is worth reading.
        record Bad(String why) implements Reading {}
    }

    /// Takes what came next, once [#next] wants more.
    ///
    /// @param piece at most [UplinkStream#MOST_PIECE] bytes
    void add(byte[] piece) {
        System.arraycopy(bytes, from, bytes, 0, to - from);
        to -= from;
        from = 0;
        System.arraycopy(piece, 0, bytes, to, piece.length);
        to += piece.length;
    }

    /// Whether something of a message is there.
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
