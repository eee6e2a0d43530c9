package airlock.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Reads a body once, as bytes, within its cap, the budget of all bodies and a time limit. Memory
/// is taken as bytes come, so a claimed length costs nothing.
final class BodyReader {
    private static final int PIECE = 64 << 10;
    private static final int TOO_SLOW = -1;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final BodyBudget budget;
    private final Duration limit;
    private final InstantSource clock;

    BodyReader(BodyBudget budget, Duration limit, InstantSource clock) {
        this.budget = budget;
        this.limit = limit;
        this.clock = clock;
    }

    /// Hands the body to `use` and holds its bytes' budget until that returns; or refuses.
    HookAnswer with(InputStream body, long cap, Function<byte[], HookAnswer> use) {
        Instant end = clock.instant().plus(limit);
        var pieces = new ArrayList<byte[]>();
        long length = 0;
        long held = 0;
        try {
            while (true) {
                if (!budget.take(PIECE)) {
                    return Refusals.busy(RETRY_AFTER);
                }
                held += PIECE;
                byte[] piece = new byte[PIECE];
                pieces.add(piece);
                int filled = fill(body, piece, end);
                if (filled == TOO_SLOW) {
                    return Refusals.tooSlow(limit);
                }
                length += filled;
                if (length > cap) {
                    return Refusals.tooLarge(cap);
                }
                if (filled < PIECE) {
                    return use.apply(join(pieces, (int) length));
                }
            }
        } catch (IOException e) {
            return Refusals.cutShort();
        } finally {
            budget.giveBack(held);
        }
    }

    /// Fills `piece`, less only at the body's end; looks at the clock whenever bytes came, so that
    /// a sender who drips is not waited for.
    private int fill(InputStream body, byte[] piece, Instant end) throws IOException {
        int filled = 0;
        while (filled < piece.length) {
            int count = body.read(piece, filled, piece.length - filled);
            if (count < 0) {
                return filled;
            }
            filled += count;
            if (clock.instant().isAfter(end)) {
                return TOO_SLOW;
            }
        }
        return filled;
    }

    private static byte[] join(List<byte[]> pieces, int length) {
        byte[] whole = new byte[length];
        for (int at = 0; at < length; at += PIECE) {
            System.arraycopy(pieces.get(at / PIECE), 0, whole, at, Math.min(PIECE, length - at));
        }
        pieces.clear();
        return whole;
    }
}
