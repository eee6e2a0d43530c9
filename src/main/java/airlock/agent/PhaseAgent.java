package airlock.agent;

import airlock.uplink.UplinkStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The SSH agent of one phase (docs/agent.md): it lists its keys and signs the logins that their
/// policies let. The guest may be anybody.
///
/// **Threads**: any; a stream is served by the thread that brings it.
public final class PhaseAgent implements AutoCloseable {
    /// Streams that a phase may open. Each `ssh` opens one.
    static final int MOST_STREAMS = 1_000;

    /// Messages that a phase may send, on all streams.
    static final int MOST_MESSAGES = 20_000;

    private final List<KeyUse> keys;
    private final Sessions sessions;
    private final AgentLog log;
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();

    private final ReentrantLock signing = new ReentrantLock();
    private boolean isClosed;

    /// @param keys what it lists, in that order
    /// @param log hears a line for each signature, before that leaves, and for the first refusals;
    ///     from any thread, also after [#close()]
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
        this.log = new AgentLog(log);
    }

    /// Serves a stream to its end.
    public void serve(UplinkStream stream) throws InterruptedException {
        if (streams.incrementAndGet() > MOST_STREAMS) {
            cut(stream, "%,d streams are the most of a phase".formatted(MOST_STREAMS));
            return;
        }
        new Conversation(this, stream).run();
    }

    /// How many signatures were made.
    public int signatures() {
        signing.lock();
        try {
            return keys.stream().mapToInt(KeyUse::signatures).sum();
        } finally {
            signing.unlock();
        }
    }

    /// When it returns, nothing is signed any more; streams that are open go on and are refused.
    @Override
    public void close() {
        signing.lock();
        try {
            isClosed = true;
        } finally {
            signing.unlock();
        }
    }

    /// Whether one more message may be answered.
    boolean takesMessage() {
        return messages.incrementAndGet() <= MOST_MESSAGES;
    }

    /// Ends a stream whose guest has gone too far.
    void cut(UplinkStream stream, String why) {
        log.refused("agent stream", why);
        stream.reset();
    }

    /// What a stream knows after a bind.
    Binding bind(Binding before, Request.Bind bind) {
        return sessions.bind(before, bind);
    }

    byte[] identities() {
        signing.lock();
        try {
            return isClosed ? Answers.failure() : Answers.identities(keys);
        } finally {
            signing.unlock();
        }
    }

    /// Tells of what is never done, and answers.
    byte[] refuse(String what) {
        log.refused("agent request (" + what + ")", "this agent lists its keys and signs logins");
        return Answers.failure();
    }

    /// Signs or refuses, and answers.
    byte[] sign(Request.Sign wish, Binding binding) {
        signing.lock();
        try {
            if (isClosed) {
                return refuseToSign("the phase is over");
            }
            return keys.stream()
                    .filter(key -> Arrays.equals(key.key().publicBlob(), wish.key()))
                    .findFirst()
                    .map(key -> sign(key, wish, binding))
                    .orElseGet(
                            () ->
                                    refuseToSign(
                                            "there is no key "
                                                    + KeyNames.of(wish.key())
                                                    + " here"));
        } finally {
            signing.unlock();
        }
    }

    private byte[] sign(KeyUse key, Request.Sign wish, Binding binding) {
        return switch (Decision.of(key.key(), wish, binding)) {
            case Decision.Refuse(var why) -> refuseToSign(why);
            case Decision.Sign(var login) -> {
                int most = key.key().signatures();
                if (key.signatures() >= most) {
                    yield refuseToSign(
                            "%s would be one more than the %d of a phase (signatures of %s)"
                                    .formatted(login, most, key.key().setting()));
                }
                byte[] signature = key.sign(wish.data());
                log.signed(login, key.key().publicBlob(), key.signatures(), most);
                yield Answers.signature(signature);
            }
        };
    }

    private byte[] refuseToSign(String why) {
        log.refused("signature", why);
        return Answers.failure();
    }
}
