package airlock.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A proxy's answer to `CONNECT` (RFC 9110, 9.3.6; RFC 9112): a head that ends in an empty line; if
/// the status is 2xx, the host's own bytes follow. The rest of the head is ignored.
final class ProxyAnswer {
    /// The longest head.
    static final int MOST_BYTES = 8 << 10;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final int TAIL = 4;

    private ProxyAnswer() {}

    /// Reads byte by byte, since the bytes behind a head must not be taken.
    @FunctionalInterface
    interface Octets {
        /// From 0 to 255; -1 at the end.
        int next() throws IOException;
    }

    /// Reads a head and nothing behind it.
    ///
    /// @return why the proxy did not connect, for people: the words behind "the upstream proxy"
    static Optional<String> refusal(Octets in) throws IOException {
        var head = new ByteArrayOutputStream();
        int tail = 0;
        while (tail < TAIL) {
            int octet = in.next();
            if (octet < 0) {
                return Optional.of("hung up before it had answered");
            }
            if (head.size() == MOST_BYTES) {
                return Optional.of(
                        "sent an answer without an end, or of more than " + MOST_BYTES + " bytes");
            }
            head.write(octet);
            tail = tail(tail, octet);
        }
        return status(head.toString(StandardCharsets.ISO_8859_1));
    }

    /// How many bytes of CR LF CR LF have come.
    private static int tail(int before, int octet) {
        int wanted = before % 2 == 0 ? '\r' : '\n';
        if (octet == wanted) {
            return before + 1;
        }
        return octet == '\r' ? 1 : 0;
    }

    private static Optional<String> status(String head) {
        Matcher line = STATUS.matcher(head.substring(0, head.indexOf('\r')));
        if (!line.matches()) {
            return Optional.of("did not answer in HTTP");
        }
        String code = line.group(1);
        if (code.startsWith("2")) {
            return Optional.empty();
        }
        return Optional.of(
                code.equals("407")
                        ? "wants a user and password (407); see upstream_proxy"
                        : "answered " + code);
    }
}
