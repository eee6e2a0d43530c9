package airlock.image;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/// The bytes of a layer as they come out of decompression: hashed, and no more of them than is
/// allowed at the moment, so that no header can make its reader hold gigabytes.
final class LayerStream extends InputStream {
    private final InputStream in;
    private final MessageDigest digest = Hashes.sha256();
    private final Bounds bounds;
    private long allowed = Long.MAX_VALUE;

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
            digest.update(bytes, offset, count);
        }
        return count;
    }

    /// Reads what is left and tells the sum of all.
    String drained() throws IOException {
        allow(Long.MAX_VALUE);
        byte[] rest = new byte[1 << 16];
        while (read(rest, 0, rest.length) >= 0) {}
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
