package airlock.egress;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/// Reads a TLS server's first handshake message to see whether it asks the client for another hello
/// (RFC 8446, 4.1.3 and 4.1.4). Holds 38 bytes at most. For one thread.
final class ServerAnswer {
    /// The random number in a server's hello that makes it a HelloRetryRequest.
    private static final byte[] RETRY =
            HexFormat.of()
                    .parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    private static final int RECORD_HEAD = 5;
    private static final int VERSION_MAJOR = 3;
    private static final int CHANGE_CIPHER = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int HELLO_REQUEST = 0;
    private static final int SERVER_HELLO = 2;

    /// Where the random number begins: after the message's type and length and the version.
    private static final int RANDOM = 6;

    private final ByteBuffer head = ByteBuffer.allocate(RECORD_HEAD);
    private final ByteBuffer message = ByteBuffer.allocate(RANDOM + RETRY.length);

    /// How many bytes of the record are missing.
    private int left;

    /// Takes the next bytes of the server.
    ///
    /// @return whether it asks for another hello; empty while undecided
    Optional<Boolean> feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (left == 0) {
                head.put(bytes.get());
                if (!couldBeTls()) {
                    return Optional.of(false);
                }
                if (!head.hasRemaining()) {
                    left = head.getShort(RECORD_HEAD - 2) & 0xffff;
                    head.rewind();
                }
                continue;
            }
            byte next = bytes.get();
            left--;
            if (head.get(0) == HANDSHAKE) {
                message.put(next);
                Optional<Boolean> asks = asks();
                if (asks.isPresent()) {
                    return asks;
                }
            }
        }
        return Optional.empty();
    }

    /// Alerts may be warnings before the server's hello.
    private boolean couldBeTls() {
        int kind = head.get(0);
        return (kind == CHANGE_CIPHER || kind == ALERT || kind == HANDSHAKE)
                && (head.position() < 2 || head.get(1) == VERSION_MAJOR);
    }

    private Optional<Boolean> asks() {
        int type = message.get(0);
        if (type != SERVER_HELLO) {
            return Optional.of(type == HELLO_REQUEST);
        }
        return message.hasRemaining()
                ? Optional.empty()
                : Optional.of(message.slice(RANDOM, RETRY.length).equals(ByteBuffer.wrap(RETRY)));
    }
}
