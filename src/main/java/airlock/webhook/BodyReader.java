package airlock.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Reads a body within its size limit, the budget of all bodies and a time limit. It allocates
/// memory as bytes arrive, so a declared length costs nothing, and drops clients that send slower
/// than [#LEAST_RATE].
final class BodyReader {
    private static final int PIECE = 64 << 10;
    private static final int TOO_SLOW = -1;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    /// In bytes a second, after [#GRACE]; a forge sends a thousand times as fast.
    private static final long LEAST_RATE = 16 << 10;

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final BodyBudget budget;
    private final Duration limit;
    private final LongSupplier nanos;

    /// @param nanos a clock that never jumps, such as [System#nanoTime()]
    BodyReader(BodyBudget budget, Duration limit, LongSupplier nanos) {
        this.budget = budget;
        this.limit = limit;
        this.nanos = nanos;
    }

    /// Passes the body to `use` and releases its budget after that; or refuses the request.
    HookAnswer with(InputStream body, long cap, Function<byte[], HookAnswer> use) {
        if (!budget.takeFirst()) {
            return Refusals.busy(RETRY_AFTER);
        }
        var reading = new Progress(body, nanos.getAsLong());
        try {
            return reading.read(cap, use);
        } catch (IOException e) {
            return Refusals.cutShort();
        } finally {
            budget.giveBack(reading.heldAfterFirst);
        }
    }

    private final class Progress {
        private final InputStream body;
        private final long start;
        private final List<byte[]> pieces = new ArrayList<>();
        private long length;
        private long heldAfterFirst;

        Progress(InputStream body, long start) {
            this.body = body;
            this.start = start;
        }

        HookAnswer read(long cap, Function<byte[], HookAnswer> use) throws IOException {
            byte[] piece = new byte[BodyBudget.FIRST];
            while (true) {
                pieces.add(piece);
                int filled = fill(piece);
                if (filled == TOO_SLOW) {
                    return Refusals.tooSlow(limit);
                }
                if (length > cap) {
                    return Refusals.tooLarge(cap);
                }
                if (filled < piece.length) {
                    return pieces.size() == 1 ? use.apply(joined()) : useAlone(use);
                }
                if (!budget.takeRest(PIECE)) {
                    return Refusals.busy(RETRY_AFTER);
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
            synchronized (budget) {
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
