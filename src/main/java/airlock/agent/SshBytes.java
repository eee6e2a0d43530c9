package airlock.agent;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads the data types of SSH (RFC 4251, 5), strictly. After the first wrong length or value it
/// reads nothing more.
final class SshBytes {
    private final ByteBuffer in;
    private boolean isWrong;

    SshBytes(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes);
    }

    boolean wasAll() {
        return !isWrong && !in.hasRemaining();
    }

    void check(boolean fits) {
        if (!fits) {
            isWrong = true;
            in.position(in.limit());
        }
    }

    int octet() {
        return has(1) ? in.get() & 0xff : 0;
    }

    long number() {
        return has(Integer.BYTES) ? Integer.toUnsignedLong(in.getInt()) : 0;
    }

    /// Accepts only 0 and 1, as OpenSSH sends them.
    boolean truth() {
        int octet = octet();
        check(octet <= 1);
        return octet == 1;
    }

    byte[] string() {
        long length = number();
        if (!has(length)) {
            return new byte[0];
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    /// A string of printable ASCII.
    String text() {
        byte[] bytes = string();
        for (byte each : bytes) {
            check(each >= ' ' && each <= '~');
        }
        return isWrong ? "" : new String(bytes, StandardCharsets.US_ASCII);
    }

    /// A positive mpint, in its shortest form.
    BigInteger positive() {
        byte[] bytes = string();
        boolean isShortest =
                bytes.length > 0 && (bytes[0] > 0 || (bytes.length > 1 && bytes[1] < 0));
        check(isShortest && bytes[0] >= 0);
        return isWrong ? BigInteger.ZERO : new BigInteger(bytes);
    }

    private boolean has(long length) {
        check(in.remaining() >= length);
        return !isWrong;
    }
}
