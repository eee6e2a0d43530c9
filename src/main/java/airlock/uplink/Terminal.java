package airlock.uplink;

import airlock.uplink.UplinkStream.Piece;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The host's end of a shell in a guest: sends keys and sizes, receives output and the shell's end.
/// Output is anything that the guest sends, escape sequences too. One thread may read while others
/// type.
public final class Terminal implements AutoCloseable {
    private final UplinkStream stream;
    private final Runnable closed;
    private final TerminalMessages messages = new TerminalMessages();
    private final ReentrantLock saying = new ReentrantLock();

    /// @param closed called when this is closed
    Terminal(UplinkStream stream, Runnable closed) {
        this.stream = stream;
        this.closed = closed;
    }

    public sealed interface Said {
        /// Output of programs, at least one byte.
        record Output(byte[] bytes) implements Said {}

        /// The shell has ended; nothing more will come.
        ///
        /// @param code 0 to 255; 128 plus its number if a signal ended it
        record Exited(int code) implements Said {}

        /// The stream ended in another way; nothing more will come.
        record Lost(String why) implements Said {}
    }

    /// Waits for the next message. Must not be called after [Said.Exited] or [Said.Lost].
    public Said next() throws InterruptedException {
        try {
            while (true) {
                var said = messages.next();
                if (said.isPresent()) {
                    if (said.orElseThrow() instanceof Said.Exited) {
                        stream.end();
                    }
                    return said.orElseThrow();
                }
                switch (stream.take()) {
                    case Piece.Bytes(byte[] bytes) -> messages.add(bytes);
                    case Piece.Ended _ -> {
                        return new Said.Lost("the guest ended it without the shell's end");
                    }
                    case Piece.Broken _ -> {
                        return new Said.Lost("the guest broke it off, or has ended");
                    }
                }
            }
        } catch (ProtocolException e) {
            stream.reset();
            return new Said.Lost("the guest broke the protocol: " + e.getMessage());
        }
    }

    /// Types. Waits as long as the guest takes no bytes.
    ///
    /// @return false if the terminal is over
    public boolean type(byte[] keys, int offset, int length) throws InterruptedException {
        for (int at = 0; at < length; at += TerminalMessages.MOST_KEYS) {
            int piece = Math.min(length - at, TerminalMessages.MOST_KEYS);
            if (!say(TerminalMessages.keys(keys, offset + at, piece))) {
                return false;
            }
        }
        return true;
    }

    /// Changes its size; returns false if the terminal is over.
    public boolean resize(WindowSize size) throws InterruptedException {
        return say(TerminalMessages.size(size));
    }

    /// Hangs up after all that was typed: programs get SIGHUP, and the shell's end comes as usual.
    /// Returns false if the terminal is over.
    public boolean hangUp() throws InterruptedException {
        return say(TerminalMessages.hangUp());
    }

    /// Sends a whole message before the next one begins.
    private boolean say(byte[] message) throws InterruptedException {
        saying.lockInterruptibly();
        try {
            return stream.send(message, 0, message.length);
        } finally {
            saying.unlock();
        }
    }

    /// Ends the stream at once, unless it has ended; then the guest hangs up.
    @Override
    public void close() {
        stream.reset();
        closed.run();
    }

    /// The guest's answer to a request for a terminal.
    public sealed interface Opening {
        /// Open.
        ///
        /// @param terminal for the caller to close
        record Opened(Terminal terminal) implements Opening {}

        /// The guest refused it.
        ///
        /// @param why in the guest's words: anything, in printable ASCII
        record Refused(String why) implements Opening {}

        record NoAnswer(String why) implements Opening {}
    }

    /// The size of a terminal, in characters. A size beyond the limits becomes the nearest within
    /// them.
    ///
    /// @param columns 1 to 1,000
    /// @param rows 1 to 1,000
    public record WindowSize(int columns, int rows) {
        private static final int MOST = 1000;

        public WindowSize {
            columns = Math.clamp(columns, 1, MOST);
            rows = Math.clamp(rows, 1, MOST);
        }

        String target() {
            return columns + "x" + rows;
        }
    }

    /// The messages in a terminal's stream: `u8` type, `u16` length and that many bytes,
    /// little-endian (docs/uplink.md). Writes the host's, and reads the guest's, cut anywhere, in a
    /// fixed amount of memory. One thread may read.
    static final class TerminalMessages {
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
}
