package airlock.web;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;

/// Reads a body once, as bytes, within bounds of length, time and shared memory.
final class BodyReader {
    private static final int FIRST = 64 << 10;
    private static final int FIRST_OF_UNKNOWN = 8 << 10;

    private final Duration slowest;
    private final Duration patience;

    /// @param slowest how long the whole body may take
    /// @param patience how long to wait for memory that others hold, before the client is told to
    ///     come again
    BodyReader(Duration slowest, Duration patience) {
        this.slowest = slowest;
        this.patience = patience;
    }

    /// What came.
    sealed interface Body {
        record Whole(byte[] bytes) implements Body {}

        record TooLong() implements Body {}

        record TooSlow() implements Body {}

        /// The budget is used up.
        record NoRoom() implements Body {}

        /// The client went away.
        record Broken() implements Body {}
    }

    /// Reads all of `input`.
    ///
    /// @param declared the length that the client declared, -1 for none
    /// @param longest what it may be at most
    /// @param lease where the memory for it comes from
    Body read(InputStream input, long declared, int longest, ByteBudget.Lease lease)
            throws InterruptedException {
        if (declared > longest) {
            return new Body.TooLong();
        }
        long end = System.nanoTime() + slowest.toNanos();
        int expected = declared >= 0 ? (int) declared : longest;
        int first = Math.min(expected, declared >= 0 ? FIRST : FIRST_OF_UNKNOWN);
        if (!lease.take(first, patience)) {
            return new Body.NoRoom();
        }
        byte[] buffer = new byte[first];
        int count = 0;
        try {
            while (true) {
                if (System.nanoTime() > end) {
                    return new Body.TooSlow();
                }
                if (count == buffer.length) {
                    if (count == expected) {
                        return atEnd(input, buffer);
                    }
                    int next = (int) Math.min(expected, 2L * buffer.length);
                    if (!lease.take(next, patience)) {
                        return new Body.NoRoom();
                    }
                    int before = buffer.length;
                    buffer = Arrays.copyOf(buffer, next);
                    lease.release(before);
                }
                int read = input.read(buffer, count, buffer.length - count);
                if (read < 0) {
                    return new Body.Whole(Arrays.copyOf(buffer, count));
                }
                count += read;
            }
        } catch (IOException e) {
            return isTimeout(e) ? new Body.TooSlow() : new Body.Broken();
        }
    }

    /// As much as may come is there: nothing must follow.
    private static Body atEnd(InputStream input, byte[] buffer) throws IOException {
        return input.read() < 0 ? new Body.Whole(buffer) : new Body.TooLong();
    }

    private static boolean isTimeout(IOException e) {
        return e.getCause() instanceof java.util.concurrent.TimeoutException;
    }
}
