package airlock.agent;

import airlock.agent.Sessions.Binding;
import airlock.agent.SigningKey.Decision;
import airlock.uplink.UplinkStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/// The SSH agent of one phase (docs/agent.md): it lists its keys and signs the logins that their
/// policies allow. The guest is not trusted.
///
/// **Threads**: any; a stream is served by the thread that brings it.
public final class PhaseAgent implements AutoCloseable {
    /// Most streams of a phase. Each `ssh` opens one.
    static final int MOST_STREAMS = 1_000;

    /// Most messages of a phase, on all streams.
    static final int MOST_MESSAGES = 20_000;

    /// Most refusals of a phase that are logged; a guest may cause any number.
    static final int MOST_REFUSALS = 200;

    private final List<KeyUse> keys;
    private final Sessions sessions;
    private final Consumer<String> log;
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();

    private boolean isClosed;

    /// @param keys in the order in which the agent lists them
    /// @param log gets a line for each signature, before the signature is sent, and for the first
    ///     refusals; from any thread, also after [#close()]
    /// @throws IllegalArgumentException for a key that is not Ed25519
    public PhaseAgent(List<SigningKey> keys, Consumer<String> log) {
        this.keys = keys.stream().map(KeyUse::new).toList();
        this.sessions =
                new Sessions(
                        keys.stream()
                                .flatMap(key -> key.hosts().stream())
                                .map(SigningKey.Host::key)
                                .distinct()
                                .toList());
        this.log = log;
    }

    public void serve(UplinkStream stream) throws InterruptedException {
        if (streams.incrementAndGet() > MOST_STREAMS) {
            cut(stream, "limit of %,d streams per phase reached".formatted(MOST_STREAMS));
            return;
        }
        new Conversation(this, stream).run();
    }

    public synchronized int signatures() {
        return keys.stream().mapToInt(key -> key.signatures).sum();
    }

    /// When it returns, nothing more is signed; open streams go on and get refusals.
    @Override
    public synchronized void close() {
        isClosed = true;
    }

    /// Counts a message; returns whether it may be answered.
    boolean takesMessage() {
        return messages.incrementAndGet() <= MOST_MESSAGES;
    }

    /// Resets a stream that broke a limit or the protocol.
    void cut(UplinkStream stream, String why) {
        logRefusal("agent stream", why);
        stream.reset();
    }

    Binding bind(Binding before, Request.Bind bind) {
        return sessions.bind(before, bind);
    }

    synchronized byte[] identities() {
        return isClosed
                ? Answers.failure()
                : Answers.identities(keys.stream().map(use -> use.key).toList());
    }

    byte[] refuse(String what) {
        return refused(
                "agent request (" + what + ")", "this agent lists its keys and signs logins");
    }

    synchronized byte[] sign(Request.Sign request, Binding binding) {
        if (isClosed) {
            return refuseToSign("the phase is over");
        }
        for (KeyUse use : keys) {
            if (Arrays.equals(use.key.publicBlob(), request.key())) {
                return sign(use, request, binding);
            }
        }
        return refuseToSign("the agent has no key " + HostKey.shown(request.key()));
    }

    private byte[] sign(KeyUse use, Request.Sign request, Binding binding) {
        var key = use.key;
        return switch (key.decide(request, binding)) {
            case Decision.Refuse(var why) -> refuseToSign(why);
            case Decision.Sign(var login) -> {
                int most = key.signatures();
                if (use.signatures >= most) {
                    yield refuseToSign(
                            "%s would be one more than the %d of a phase (signatures of %s)"
                                    .formatted(login, most, key.setting()));
                }
                byte[] signature = use.sign(request.data());
                log.accept(
                        "signed: %s (%s), %d of %d"
                                .formatted(
                                        login,
                                        HostKey.shown(key.publicBlob()),
                                        use.signatures,
                                        most));
                yield Answers.signature(signature);
            }
        };
    }

    private byte[] refuseToSign(String why) {
        return refused("signature", why);
    }

    private byte[] refused(String what, String why) {
        logRefusal(what, why);
        return Answers.failure();
    }

    private void logRefusal(String what, String why) {
        int count = refusals.incrementAndGet();
        if (count <= MOST_REFUSALS) {
            log.accept(what + " refused: " + why);
        } else if (count == MOST_REFUSALS + 1) {
            log.accept("further refusals in this phase are not logged");
        }
    }

    /// A key, and how often it has signed in this phase. Callers hold the lock.
    private static final class KeyUse {
        private final SigningKey key;
        private int signatures;

        KeyUse(SigningKey key) {
            this.key = key;
            if (!HostKey.typeOf(key.publicBlob()).equals(HostKey.ED25519)) {
                throw new IllegalArgumentException(
                        "an agent's keys are Ed25519 ones, not " + HostKey.shown(key.publicBlob()));
            }
        }

        /// A signature as SSH sends it (RFC 8709, 6).
        byte[] sign(byte[] data) {
            signatures++;
            var out = new ByteArrayBuffer();
            out.putString(HostKey.ED25519);
            out.putBytes(key.signer().apply(data));
            return out.getCompactData();
        }
    }
}
