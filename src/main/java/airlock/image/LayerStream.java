package airlock.image;

import airlock.base.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// The bytes of a layer as they come out of decompression: hashed, and no more of them than is
/// allowed at the moment, so that no header can make its reader hold gigabytes.
final class LayerStream extends InputStream {
    private static final int LAST = 16 << 10;

    private final InputStream in;
    private final Hash hash = Hash.sha256();
    private final Bounds bounds;
    private long allowed = Long.MAX_VALUE;

    /// The bytes that were read last, so that a header can be looked at as it was.
    private final byte[] last = new byte[LAST];

    private int kept;

    /// @param bounds of all layers together
    LayerStream(InputStream in, Bounds bounds) {
        this.in = in;
        this.bounds = bounds;
    }

    /// So many bytes more may be read.
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
            bounds.bytes(count);
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

    /// The last 16 KiB that were read, or fewer.
    byte[] last() {
        return Arrays.copyOf(last, kept);
    }

    /// Reads what is left and tells the sum of all.
    String drained() throws IOException {
        allow(Long.MAX_VALUE);
        byte[] rest = new byte[1 << 16];
        while (read(rest, 0, rest.length) >= 0) {}
        return hash.hex();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
