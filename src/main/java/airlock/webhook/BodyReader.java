package airlock.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Reads a body within its size limit, the budget of all bodies and a time limit. It allocates
/// memory as bytes arrive, so a declared length costs nothing, and drops clients that send slower
/// than [#LEAST_RATE]. Threads: any.
///
/// The first [#FIRST] bytes of a body have a budget of their own, so a few large bodies, which
/// anyone may send, never keep out the many small ones.
final class BodyReader {
    /// In bytes; most deliveries are shorter.
    static final int FIRST = 16 << 10;

    private static final int PIECE = 64 << 10;
    private static final int TOO_SLOW = -1;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    /// In bytes a second, after [#GRACE]; a forge sends a thousand times as fast.
    private static final long LEAST_RATE = 16 << 10;

    private static final Duration GRACE = Duration.ofSeconds(5);

    /// How many further bodies may be read.
    final Semaphore firsts;

    /// How many further bytes of long bodies may be held.
    final Semaphore rest;

    private final Duration limit;
    private final LongSupplier nanos;

    /// @param bodies how many may be read at once; if at least as many as connections are allowed,
    ///     the beginning of every body fits
    /// @param rest in bytes, for longer bodies; must be more than the largest body
    /// @param nanos a clock that never jumps, such as [System#nanoTime()]
    BodyReader(int bodies, int rest, Duration limit, LongSupplier nanos) {
        this.firsts = new Semaphore(bodies);
        this.rest = new Semaphore(rest);
        this.limit = limit;
        this.nanos = nanos;
    }

    /// Passes the body to `use` and releases its budget after that; or refuses the request.
    HookAnswer with(InputStream body, long cap, Function<byte[], HookAnswer> use) {
        if (!firsts.tryAcquire()) {
            return Refusal.BUSY.retry(RETRY_AFTER);
        }
        var reading = new Progress(body, nanos.getAsLong());
        try {
            return reading.read(cap, use);
        } catch (IOException e) {
            return Refusal.CUT_SHORT.with();
        } finally {
            firsts.release();
            rest.release(reading.heldAfterFirst);
        }
    }

    private final class Progress {
        private final InputStream body;
        private final long start;
        private final List<byte[]> pieces = new ArrayList<>();
        private long length;
        private int heldAfterFirst;

        Progress(InputStream body, long start) {
            this.body = body;
            this.start = start;
        }

        HookAnswer read(long cap, Function<byte[], HookAnswer> use) throws IOException {
            byte[] piece = new byte[FIRST];
            while (true) {
                pieces.add(piece);
                int filled = fill(piece);
                if (filled == TOO_SLOW) {
                    return Refusal.TOO_SLOW.with(limit.toSeconds());
                }
                if (length > cap) {
                    return Refusal.TOO_LARGE.with(cap);
                }
                if (filled < piece.length) {
                    return pieces.size() == 1 ? use.apply(joined()) : useAlone(use);
                }
                if (!rest.tryAcquire(PIECE)) {
                    return Refusal.BUSY.retry(RETRY_AFTER);
                }
                heldAfterFirst += PIECE;
                piece = new byte[PIECE];
            }
        }

        /// Fills `piece` unless the body ends first. Checks the clock after each read, so that a
        /// client that drips bytes is dropped.
        private int fill(byte[] piece) throws IOException {
            int filled = 0;
            while (filled < piece.length) {
                int count = body.read(piece, filled, piece.length - filled);
                if (count < 0) {
                    return filled;
                }
                filled += count;
                length += count;
                if (isTooSlow(Duration.ofNanos(nanos.getAsLong() - start))) {
                    return TOO_SLOW;
                }
            }
            return filled;
        }

        private boolean isTooSlow(Duration taken) {
            return taken.compareTo(limit) > 0
                    || (taken.compareTo(GRACE) > 0
                            && length < taken.minus(GRACE).toMillis() * LEAST_RATE / 1000);
        }

        /// Only one long body at a time: joining and parsing it takes twice its memory.
        private HookAnswer useAlone(Function<byte[], HookAnswer> use) {
            synchronized (rest) {
                return use.apply(joined());
            }
        }

        private byte[] joined() {
            var whole = ByteBuffer.allocate((int) length);
            pieces.forEach(piece -> whole.put(piece, 0, Math.min(piece.length, whole.remaining())));
            pieces.clear();
            return whole.array();
        }
    }
}
