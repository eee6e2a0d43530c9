package airlock.program;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The end of a stream of bytes, in bounded memory.
public final class Tail {
    private static final int PIECE = 8192;

    private final int most;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final CountDownLatch end = new CountDownLatch(1);

    /// @param most bytes that are kept; at least half of them are
    public Tail(int most) {
        this.most = most;
    }

    /// Starts a thread that reads a program's output to its end.
    ///
    /// @param most bytes that are kept; at least half of them are
    public static Tail reading(InputStream in, int most) {
        var tail = new Tail(most);
        Thread.ofVirtual().name("program-output").start(() -> tail.drain(in));
        return tail;
    }

    public synchronized void add(byte[] bytes, int length) {
        int from = Math.max(0, length - most);
        int count = length - from;
        if (kept.size() + count > most) {
            byte[] all = kept.toByteArray();
            int keep = Math.min(all.length, Math.min(most / 2, most - count));
            kept.reset();
            kept.write(all, all.length - keep, keep);
        }
        kept.write(bytes, from, count);
    }

    /// Reads `in` until it ends or fails, and keeps what arrived.
    public void drain(InputStream in) {
        var piece = new byte[PIECE];
        try (in) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                add(piece, n);
            }
        } catch (IOException _) {
            // its process is gone
        } finally {
            end.countDown();
        }
    }

    /// The same as [#text] after the stream has ended, or after `limit`.
    public String textWithin(Duration limit) throws InterruptedException {
        boolean _ = end.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        return text();
    }

    public synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}
