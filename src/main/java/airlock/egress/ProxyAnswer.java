package airlock.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a proxy says to `CONNECT` (RFC 9110, 9.3.6; RFC 9112): a head that ends in an empty line,
/// behind which the host's own bytes begin. Any 2xx means that they do. Whatever else the head says
/// is not looked at, and nothing is followed.
final class ProxyAnswer {
    /// Of a whole head.
    static final int MOST_BYTES = 8 << 10;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final int TAIL = 4;

    private ProxyAnswer() {}

    /// Bytes, one after the other: what lies behind a head must not be taken.
    @FunctionalInterface
    interface Octets {
        /// From 0 to 255; -1 at the end.
        int next() throws IOException;
    }

    /// What there was.
    sealed interface Reading {
        /// The connection stands.
        record Connected() implements Reading {}

        /// It does not.
        ///
        /// @param why for people: what follows "the upstream proxy"
        record Refused(String why) implements Reading {}
    }

    /// Takes a head and nothing behind it.
    static Reading read(Octets in) throws IOException {
        var head = new ByteArrayOutputStream();
        int tail = 0;
        while (tail < TAIL) {
            int octet = in.next();
            if (octet < 0) {
                return new Reading.Refused("hung up before it had answered");
            }
            if (head.size() == MOST_BYTES) {
                return new Reading.Refused(
                        "sent an answer without an end, or of more than " + MOST_BYTES + " bytes");
            }
            head.write(octet);
            tail = tail(tail, octet);
        }
        return status(head.toString(StandardCharsets.ISO_8859_1));
    }

    /// How much of CR LF CR LF there is.
    private static int tail(int before, int octet) {
        int wanted = before % 2 == 0 ? '\r' : '\n';
        if (octet == wanted) {
            return before + 1;
        }
        return octet == '\r' ? 1 : 0;
    }

    private static Reading status(String head) {
        Matcher line = STATUS.matcher(head.substring(0, head.indexOf('\r')));
        if (!line.matches()) {
            return new Reading.Refused("did not answer in HTTP");
        }
        String code = line.group(1);
        if (code.startsWith("2")) {
            return new Reading.Connected();
        }
        return new Reading.Refused(
                code.equals("407")
                        ? "wants a user and password (407); see upstream_proxy"
                        : "answered " + code);
    }
}
