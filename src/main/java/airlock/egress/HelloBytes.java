package airlock.egress;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads the fields of a hello. The first thing that is wrong is kept; from then on there is
/// nothing more to read. Parts share what is wrong with the whole.
final class HelloBytes {
    private final ByteBuffer in;
    private final StringBuilder problem;

    HelloBytes(ByteBuffer in) {
        this(in.slice(), new StringBuilder());
    }

    private HelloBytes(ByteBuffer in, StringBuilder problem) {
        this.in = in;
        this.problem = problem;
    }

    /// Empty where there is none.
    String problem() {
        return problem.toString();
    }

    boolean hasMore() {
        return in.hasRemaining();
    }

    void check(boolean fits, String otherwise) {
        if (!fits && problem.isEmpty()) {
            problem.append(otherwise);
        }
        if (!fits) {
            in.position(in.limit());
        }
    }

    /// From 0 to 255.
    int octet() {
        return has(1) ? in.get() & 0xff : 0;
    }

    /// From 0 to 65,535, big-endian as all of TLS.
    int number() {
        return has(2) ? in.getShort() & 0xffff : 0;
    }

    /// The next bytes, which are passed.
    HelloBytes part(int length) {
        if (!has(length)) {
            return new HelloBytes(ByteBuffer.allocate(0), problem);
        }
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return new HelloBytes(part, problem);
    }

    /// The rest, a character for each byte.
    String text() {
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return new String(rest, StandardCharsets.ISO_8859_1);
    }

    private boolean has(int length) {
        check(in.remaining() >= length, "a length in its hello is wrong");
        return problem.isEmpty();
    }
}
