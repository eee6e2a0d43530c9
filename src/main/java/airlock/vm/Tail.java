package airlock.vm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The end of a stream of bytes, in bounded memory.
final class Tail {
    private static final int PIECE = 8192;

    private final int most;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    /// @param most bytes that are kept; at least half of them are
    Tail(int most) {
        this.most = most;
    }

    synchronized void add(byte[] bytes, int length) {
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

    /// Reads to the end of `in`, or to its fault: what came is what there is.
    void drain(InputStream in) {
        var piece = new byte[PIECE];
        try {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                add(piece, n);
            }
        } catch (IOException _) {
            // its process is gone
        }
    }

    /// What was kept, as UTF-8.
    synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}
