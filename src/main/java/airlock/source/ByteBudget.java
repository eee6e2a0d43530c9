package airlock.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/// Limits the bytes that a forge may send over all connections of one order.
final class ByteBudget {
    private final long limit;
    private final AtomicLong received = new AtomicLong();

    ByteBudget(long limit) {
        this.limit = limit;
    }

    long received() {
        return received.get();
    }

    boolean isExceeded() {
        return received.get() > limit;
    }

    /// Counts what is read from `in`; a read beyond the limit fails.
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
