package airlock.egress;

import airlock.config.HostName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Holds back the first bytes of a client until they are a TLS hello for the allowed server, in any
/// number of pieces and records (RFC 8446, 5.1). The bytes behind it wait for the server's first
/// answer: if the server asks for another hello, the next message must be one that names the same
/// server. One thread feeds the client's bytes, another may feed the server's.
final class HelloWatch {
    /// Real ones have 200 to 2,000 bytes.
    static final int MOST_BYTES = 32 << 10;

    private static final int RECORD_HEAD = 5;
    private static final int MOST_RECORD = 1 << 14;
    private static final int MESSAGE_HEAD = 4;
    private static final int HANDSHAKE = 22;
    private static final int CHANGE_CIPHER = 20;
    private static final int VERSION_MAJOR = 3;
    private static final String NO_TLS = "did not speak TLS";
    private static final String NO_HELLO =
            "sent something else than the second hello that the server asked for";

    private final HostName wanted;
    private final boolean mayBeEncrypted;

    /// Bytes that are not let through yet.
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    /// The incomplete handshake message, from any number of records.
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /// How many bytes of `held` are checked records.
    private int seen;

    private State state = State.HELLO;

    private final ServerAnswer server = new ServerAnswer();
    private final CompletableFuture<Boolean> asksAgain = new CompletableFuture<>();
    private boolean changedCipher;

    private enum State {
        /// The first hello is incomplete.
        HELLO,
        /// It was right; the next bytes wait for the server's answer.
        AWAITED,
        /// The server asked for another hello, which is incomplete.
        AGAIN,
        /// Further bytes go through unchecked.
        OVER,
        REFUSED
    }

    private String refusal = "";

    /// @param mayBeEncrypted whether a hello may have an encrypted part, which could name another
    ///     server
    HelloWatch(HostName wanted, boolean mayBeEncrypted) {
        this.wanted = wanted;
        this.mayBeEncrypted = mayBeEncrypted;
    }

    /// Why the connection has to end, for people: the words behind "the client".
    Optional<String> refusal() {
        return state == State.REFUSED ? Optional.of(refusal) : Optional.empty();
    }

    /// Whether all further bytes go through unchecked.
    boolean isOver() {
        return state == State.OVER;
    }

    /// Whether bytes of the client wait for the server's answer.
    boolean isHolding() {
        return state == State.AWAITED && held.size() > 0;
    }

    /// Whether the client has to send a hello.
    boolean isTimed() {
        return state == State.HELLO || state == State.AGAIN;
    }

    /// Waits for the server's answer; returns whether it came in time.
    boolean awaitAnswer(Duration patience) throws InterruptedException {
        try {
            asksAgain.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Takes the server's bytes before the client gets them, in the thread that reads them.
    void answered(ByteBuffer bytes) {
        if (!asksAgain.isDone()) {
            server.feed(bytes).ifPresent(asksAgain::complete);
        }
    }

    /// Takes the client's bytes; none, once the server's answer has come for which some wait.
    ///
    /// @return the bytes to let through: none while a hello is incomplete
    byte[] feed(byte[] bytes) {
        held.writeBytes(bytes);
        if (state == State.AWAITED && asksAgain.isDone()) {
            state = asksAgain.resultNow() ? State.AGAIN : State.OVER;
        }
        while (isTimed() && record()) {}
        if (isTimed() && held.size() > MOST_BYTES) {
            refuse("sent a hello of more than " + MOST_BYTES + " bytes");
        }
        return released();
    }

    /// Returns false.
    private boolean refuse(String why) {
        state = State.REFUSED;
        refusal = why;
        return false;
    }

    private byte[] released() {
        byte[] all = held.toByteArray();
        int through =
                switch (state) {
                    case HELLO, AGAIN, REFUSED -> 0;
                    case AWAITED -> seen;
                    case OVER -> all.length;
                };
        if (through > 0) {
            held.reset();
            held.write(all, through, all.length - through);
            seen = 0;
        }
        return Arrays.copyOf(all, through);
    }

    /// Checks the next record; returns whether to go on with another.
    private boolean record() {
        ByteBuffer in = ByteBuffer.wrap(held.toByteArray());
        in.position(seen);
        // bytes that can't become a record are refused before they are complete
        if (in.hasRemaining() && !isRecord(in.get(seen))) {
            return refuse(state == State.HELLO ? NO_TLS : NO_HELLO);
        }
        if (in.remaining() < RECORD_HEAD) {
            return false;
        }
        int kind = in.get();
        if (in.get() != VERSION_MAJOR) {
            return refuse(NO_TLS);
        }
        in.get();
        int length = in.getShort() & 0xffff;
        if (length == 0 || length > MOST_RECORD) {
            return refuse("sent a record of a wrong length");
        }
        if (in.remaining() < length) {
            return false;
        }
        seen += RECORD_HEAD + length;
        if (kind == CHANGE_CIPHER) {
            changedCipher = true;
            return length == 1 || refuse("sent a record of a wrong length");
        }
        message.write(in.array(), in.position(), length);
        return message.size() < MESSAGE_HEAD || whole(ByteBuffer.wrap(message.toByteArray()));
    }

    /// A handshake; before the second hello also one change of cipher (RFC 8446, D.4).
    private boolean isRecord(byte kind) {
        return kind == HANDSHAKE
                || (kind == CHANGE_CIPHER
                        && state == State.AGAIN
                        && !changedCipher
                        && message.size() == 0);
    }

    private boolean whole(ByteBuffer in) {
        int head = in.getInt();
        int length = head & 0xffffff;
        if (head >>> 24 != ClientHello.TYPE) {
            return refuse("did not begin with a TLS hello");
        }
        if (length > MOST_BYTES) {
            return refuse("sent a hello of more than " + MOST_BYTES + " bytes");
        }
        if (in.remaining() < length) {
            return true;
        }
        if (in.remaining() > length) {
            return refuse("sent more behind its hello");
        }
        var why = ClientHello.refusal(in, wanted, mayBeEncrypted);
        if (why.isPresent()) {
            return refuse(why.get());
        }
        message.reset();
        state = state == State.HELLO ? State.AWAITED : State.OVER;
        return true;
    }

    /// Reads a TLS server's first handshake message to see whether it asks the client for another
    /// hello (RFC 8446, 4.1.3 and 4.1.4). Holds 38 bytes at most. For one thread.
    private static final class ServerAnswer {
        /// The random number in a server's hello that makes it a HelloRetryRequest.
        private static final byte[] RETRY =
                HexFormat.of()
                        .parseHex(
                                "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

        private static final int ALERT = 21;
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
                    var asks = asks();
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
                    : Optional.of(
                            message.slice(RANDOM, RETRY.length).equals(ByteBuffer.wrap(RETRY)));
        }
    }
}
