package airlock.image;

import airlock.base.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/// Hashes a decompressed layer while it is read, and limits what may be read next, so that no
/// header makes its reader hold gigabytes.
final class LayerStream extends InputStream {
    private static final int LAST = 16 << 10;

    private final InputStream in;
    private final Hash hash = Hash.sha256();
    private final LayerBudget budget;
    private long allowed = Long.MAX_VALUE;

    /// The bytes that were read last, for headers that the library decodes wrongly.
    private final byte[] last = new byte[LAST];

    private int kept;

    /// @param budget of all layers together
    LayerStream(InputStream in, LayerBudget budget) {
        this.in = in;
        this.budget = budget;
    }

    void allow(long bytes) {
        allowed = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (allowed <= 0 && length > 0) {
            throw new ImageException("a layer has headers that are too long");
        }
        int count = in.read(bytes, offset, (int) Math.min(length, allowed));
        if (count > 0) {
            allowed -= count;
            budget.addBytes(count);
            hash.add(bytes, offset, count);
            keep(bytes, offset, count);
        }
        return count;
    }

    private void keep(byte[] bytes, int offset, int count) {
        int fresh = Math.min(count, LAST);
        int old = Math.min(kept, LAST - fresh);
        System.arraycopy(last, kept - old, last, 0, old);
        System.arraycopy(bytes, offset + count - fresh, last, old, fresh);
        kept = old + fresh;
    }

    /// Up to 16 KiB that were read last.
    byte[] last() {
        return Arrays.copyOf(last, kept);
    }

    /// Reads the rest and returns the SHA-256 of all.
    String drained() throws IOException {
        allow(Long.MAX_VALUE);
        transferTo(OutputStream.nullOutputStream());
        return hash.hex();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
