package airlock.egress;

import airlock.config.HostName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// Holds back what a client sends at the beginning of a connection until it is TLS with the server
/// that it was let through for, in however many pieces and records it comes (RFC 8446, 5.1). A
/// server may have a client say its hello once more; that one is looked at as well, since it could
/// name somebody else. For one thread.
final class HelloWatch {
    /// Real ones have 200 to 2,000 bytes.
    static final int MOST_BYTES = 32 << 10;

    private static final int RECORD_HEAD = 5;
    private static final int MOST_RECORD = 1 << 14;
    private static final int MESSAGE_HEAD = 4;
    private static final int HANDSHAKE = 22;
    private static final int CHANGE_CIPHER = 20;
    private static final int LAST_KIND = 24;
    private static final int VERSION_MAJOR = 3;
    private static final String NO_TLS = "did not speak TLS";

    private final HostName wanted;
    private final boolean mayBeEncrypted;

    /// What came and was not let through yet.
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    /// The handshake message that is under way, from however many records.
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /// How many bytes of `held` are records that were looked at.
    private int seen;

    private State state = State.HELLO;

    private enum State {
        /// The first hello is not whole.
        HELLO,
        /// It was right; what comes next may be another one.
        MAYBE_ANOTHER,
        /// It is one, and not whole.
        ANOTHER,
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

    /// Takes what the client sent.
    Next feed(ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        held.writeBytes(piece);
        while (isWatching() && record()) {}
        if (isWatching() && held.size() > MOST_BYTES) {
            refuse("sent a hello of more than " + MOST_BYTES + " bytes");
        }
        return state == State.REFUSED ? new Next.Refuse(refusal) : new Next.Forward(released());
    }

    private boolean isWatching() {
        return state != State.OVER && state != State.REFUSED;
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
                    case HELLO, ANOTHER, REFUSED -> 0;
                    case MAYBE_ANOTHER -> seen;
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
            return refuse(NO_TLS);
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
        if (kind != HANDSHAKE && kind != CHANGE_CIPHER) {
            state = State.OVER;
            return false;
        }
        if (length == 0 || length > MOST_RECORD) {
            return refuse("sent a record of a wrong length");
        }
        if (in.remaining() < length) {
            return false;
        }
        seen += RECORD_HEAD + length;
        return kind != HANDSHAKE || handshake(in.slice(in.position(), length));
    }

    /// In the beginning nothing but a hello; after it everything that there is.
    private boolean isRecord(byte kind) {
        return state == State.MAYBE_ANOTHER
                ? kind >= CHANGE_CIPHER && kind <= LAST_KIND
                : kind == HANDSHAKE;
    }

    private boolean handshake(ByteBuffer fragment) {
        if (state == State.MAYBE_ANOTHER) {
            state = couldBeHello(fragment) ? State.ANOTHER : State.OVER;
        }
        if (state == State.OVER) {
            return false;
        }
        byte[] bytes = new byte[fragment.remaining()];
        fragment.get(bytes);
        message.writeBytes(bytes);
        return message.size() < MESSAGE_HEAD || whole(ByteBuffer.wrap(message.toByteArray()));
    }

    /// An encrypted message begins with any byte. Of 2^40 one looks like a hello.
    private static boolean couldBeHello(ByteBuffer fragment) {
        if (fragment.get(0) != ClientHello.TYPE) {
            return false;
        }
        return fragment.remaining() < MESSAGE_HEAD + 2
                || ((fragment.getInt(0) & 0xffffff) <= MOST_BYTES
                        && fragment.get(MESSAGE_HEAD) == VERSION_MAJOR
                        && fragment.get(MESSAGE_HEAD + 1) == VERSION_MAJOR);
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
        state = state == State.HELLO ? State.MAYBE_ANOTHER : State.OVER;
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
