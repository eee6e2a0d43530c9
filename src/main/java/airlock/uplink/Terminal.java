package airlock.uplink;

import airlock.uplink.UplinkStream.Piece;
import java.net.ProtocolException;
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

    /// The size of a terminal, in characters. A size beyond the limits becomes the nearest within them.
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
}
