package airlock.uplink;

import airlock.uplink.TerminalReader.Reading;
import airlock.uplink.UplinkStream.Piece;
import java.util.concurrent.locks.ReentrantLock;

/// A shell in a guest, as the host has it: keys and sizes go in, output and its end come out. What
/// comes is whatever the guest sends, escape sequences too. One thread may read while others type.
public final class Terminal implements AutoCloseable {
    private final UplinkStream stream;
    private final Runnable closed;
    private final TerminalReader reader = new TerminalReader();
    private final ReentrantLock saying = new ReentrantLock();

    /// @param closed called when this is closed
    Terminal(UplinkStream stream, Runnable closed) {
        this.stream = stream;
        this.closed = closed;
    }

    /// What the guest says.
    public sealed interface Said {
        /// What programs wrote, at least a byte.
        record Output(byte[] bytes) implements Said {}

        /// The shell has ended; nothing more will come.
        ///
        /// @param code 0 to 255; 128 and its number where a signal ended it
        record Exited(int code) implements Said {}

        /// The stream has ended otherwise; nothing more will come.
        record Lost(String why) implements Said {}
    }

    /// Waits for what it says next. Not to be asked again after [Said.Exited] or [Said.Lost].
    public Said next() throws InterruptedException {
        while (true) {
            switch (reader.next()) {
                case Reading.Output(byte[] bytes) -> {
                    return new Said.Output(bytes);
                }
                case Reading.Exit(int code) -> {
                    stream.end();
                    return new Said.Exited(code);
                }
                case Reading.Bad(var why) -> {
                    stream.reset();
                    return new Said.Lost("the guest says what it may not say: " + why);
                }
                case Reading.More _ -> {
                    switch (stream.take()) {
                        case Piece.Bytes(byte[] bytes) -> reader.add(bytes);
                        case Piece.Ended _ -> {
                            return new Said.Lost("the guest ended it without the shell's end");
                        }
                        case Piece.Broken _ -> {
                            return new Said.Lost("the guest broke it off, or has ended");
                        }
                    }
                }
            }
        }
    }

    /// Types. Waits where the guest takes nothing.
    ///
    /// @return false where the terminal is over
    public boolean type(byte[] keys, int offset, int length) throws InterruptedException {
        for (int at = 0; at < length; at += TerminalBytes.MOST_KEYS) {
            int piece = Math.min(length - at, TerminalBytes.MOST_KEYS);
            if (!say(TerminalBytes.keys(keys, offset + at, piece))) {
                return false;
            }
        }
        return true;
    }

    /// Makes it another size; the same.
    public boolean resize(WindowSize size) throws InterruptedException {
        return say(TerminalBytes.size(size));
    }

    /// Hangs up behind all that was typed: programs in it get SIGHUP, and the shell's end comes as
    /// always; the same.
    public boolean hangUp() throws InterruptedException {
        return say(TerminalBytes.hangUp());
    }

    /// A message goes out whole before the next one begins.
    private boolean say(byte[] message) throws InterruptedException {
        saying.lockInterruptibly();
        try {
            return stream.send(message, 0, message.length);
        } finally {
            saying.unlock();
        }
    }

    /// Ends the stream at once, unless it has ended; the guest hangs up then.
    @Override
    public void close() {
        stream.reset();
        closed.run();
    }
}
