package airlock.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/// Counts what a forge sends and cuts it off at a limit, over all connections of one order.
final class ByteBudget {
    private final long limit;
    private final AtomicLong received = new AtomicLong();

    /// @param limit how many bytes a forge may send
    ByteBudget(long limit) {
        this.limit = limit;
    }

    /// How many bytes came.
    long received() {
        return received.get();
    }

    boolean isExceeded() {
        return received.get() > limit;
    }

    /// `in`, counted; a read beyond the limit fails.
    InputStream count(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int value = in.read();
                spend(value < 0 ? 0 : 1);
                return value;
            }

            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                int count = in.read(buffer, from, length);
                spend(count);
                return count;
            }

            @Override
            public long skip(long count) throws IOException {
                long skipped = in.skip(count);
                spend(skipped);
                return skipped;
            }
        };
    }

    private void spend(long count) throws IOException {
        if (count > 0) {
            received.addAndGet(count);
        }
        if (isExceeded()) {
            throw new IOException("the forge sent more than " + limit + " bytes");
        }
    }
}
