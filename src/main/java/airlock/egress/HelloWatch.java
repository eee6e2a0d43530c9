package airlock.egress;

import airlock.config.HostName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Holds back what a client sends at the beginning of a connection until it is TLS with the server
/// that it was let through for, in however many pieces and records it comes (RFC 8446, 5.1). What
/// follows waits for the server's first answer: if the server asks for another hello, that one must
/// name the same server and nothing else may come before it. One thread feeds what the client
/// sends, another one may tell what the server does.
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

    /// What came and was not let through yet.
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    /// The handshake message that is under way, from however many records.
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /// How many bytes of `held` are records that were looked at.
    private int seen;

    private State state = State.HELLO;

    private final ServerAnswer server = new ServerAnswer();
    private final CompletableFuture<Boolean> asksAgain = new CompletableFuture<>();
    private boolean changedCipher;

    private enum State {
        /// The first hello is not whole.
        HELLO,
        /// It was right; what comes next waits for the server's answer.
        AWAITED,
        /// The server asks for another hello, which is not whole.
        AGAIN,
        /// Nothing is looked at any more.
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

    /// What is to be done.
    sealed interface Next {
        /// Let these bytes through; often none yet.
        record Forward(byte[] bytes) implements Next {}

        /// End the connection.
        ///
        /// @param why for people: what follows "the client"
        record Refuse(String why) implements Next {}
    }

    /// Whether all that comes from now on goes through as it is.
    boolean isOver() {
        return state == State.OVER;
    }

    /// Whether bytes of the client wait for the server's answer.
    boolean isHolding() {
        return state == State.AWAITED && held.size() > 0;
    }

    /// Whether it is the client's turn to say a hello.
    boolean isTimed() {
        return state == State.HELLO || state == State.AGAIN;
    }

    /// Waits until the server's answer is known, or for some time.
    ///
    /// @return whether it is known
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

    /// Takes what the server sent, before the client gets it; in the one thread that reads from the
    /// server.
    void answered(ByteBuffer bytes) {
        if (!asksAgain.isDone()) {
            server.feed(bytes).ifPresent(asksAgain::complete);
        }
    }

    /// Takes what the client sent; nothing, when the answer has come for which some of it waits.
    Next feed(ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        held.writeBytes(piece);
        if (state == State.AWAITED && asksAgain.isDone()) {
            state = asksAgain.resultNow() ? State.AGAIN : State.OVER;
        }
        while (isTimed() && record()) {}
        if (isTimed() && held.size() > MOST_BYTES) {
            refuse("sent a hello of more than " + MOST_BYTES + " bytes");
        }
        return state == State.REFUSED ? new Next.Refuse(refusal) : new Next.Forward(released());
    }

    /// Says false.
    private boolean refuse(String why) {
        state = State.REFUSED;
        refusal = why;
        return false;
    }

    /// Nothing, while a hello is not whole.
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

    /// Looks at the next record; whether to look at one more.
    private boolean record() {
        ByteBuffer in = ByteBuffer.wrap(held.toByteArray());
        in.position(seen);
        // what can't become a record need not be waited for
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
        byte[] fragment = new byte[length];
        in.get(fragment);
        message.writeBytes(fragment);
        return message.size() < MESSAGE_HEAD || whole(ByteBuffer.wrap(message.toByteArray()));
    }

    /// Nothing but a hello; before the second one, one change of cipher (RFC 8446, D.4).
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
        Optional<String> why = problem(in, length);
        if (why.isPresent()) {
            return refuse(why.orElseThrow());
        }
        message.reset();
        state = state == State.HELLO ? State.AWAITED : State.OVER;
        return true;
    }

    private Optional<String> problem(ByteBuffer in, int length) {
        if (in.remaining() > length) {
            return Optional.of("sent more behind its hello");
        }
        return switch (ClientHello.read(in)) {
            case ClientHello.Reading.Malformed(var why) ->
                    Optional.of("can't be understood: " + why);
            case ClientHello.Reading.Read(var hello) -> unwanted(hello);
        };
    }

    private Optional<String> unwanted(ClientHello hello) {
        if (hello.server().isEmpty()) {
            return Optional.of("did not say which server it wants (SNI)");
        }
        HostName server = hello.server().orElseThrow();
        if (!server.equals(wanted)) {
            return Optional.of("wants " + server + ", and was let through to " + wanted);
        }
        return hello.isEncrypted() && !mayBeEncrypted
                ? Optional.of("may hide which server it wants (encrypted hello)")
                : Optional.empty();
    }
}
