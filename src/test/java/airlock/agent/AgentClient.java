package airlock.agent;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.GuestStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A client of an agent, on a stream of its own, that sends what a test tells it to.
final class AgentClient implements AutoCloseable {
    private final GuestStream stream = new GuestStream();
    private final CompletableFuture<Void> server;
    private byte[] heard = new byte[0];

    AgentClient(PhaseAgent agent) {
        server =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                agent.serve(stream.host());
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Thread.ofVirtual()::start);
    }

    /// The answer to a message; empty if the agent has ended the stream.
    Optional<byte[]> asks(byte[] message) throws InterruptedException {
        stream.say(Messages.framed(message));
        return hears();
    }

    /// Sends bytes as they are.
    void says(byte[] bytes) throws InterruptedException {
        stream.say(bytes);
    }

    Optional<byte[]> hears() throws InterruptedException {
        while (true) {
            byte[] answer = new SshBytes(heard).string();
            if (answer.length > 0) { // all of it is there
                int end = Integer.BYTES + answer.length;
                heard = Arrays.copyOfRange(heard, end, heard.length);
                return Optional.of(answer);
            }
            var piece = stream.hear();
            if (piece.isEmpty()) {
                return Optional.empty();
            }
            heard = Messages.together(heard, piece.orElseThrow());
        }
    }

    /// Whether the agent took the bind.
    boolean binds(TestHost host, byte[] session) throws InterruptedException {
        return isSuccess(Messages.bind(host, session, false));
    }

    boolean isSuccess(byte[] message) throws InterruptedException {
        byte kind = asks(message).orElseThrow()[0];
        assertThat(kind).isIn((byte) Answers.SUCCESS, (byte) Answers.FAILURE);
        return kind == Answers.SUCCESS;
    }

    /// The signature; empty if the agent refuses.
    Optional<byte[]> signs(byte[] key, byte[] data) throws InterruptedException {
        return signature(Messages.sign(key, data));
    }

    Optional<byte[]> signature(byte[] message) throws InterruptedException {
        var in = new SshBytes(asks(message).orElseThrow());
        if (in.octet() == Answers.FAILURE) {
            assertThat(in.wasAll()).isTrue();
            return Optional.empty();
        }
        var signature = new SshBytes(in.string());
        assertThat(in.wasAll()).isTrue();
        assertThat(signature.text()).isEqualTo(HostKey.ED25519);
        return Optional.of(signature.string());
    }

    boolean wasReset() {
        return stream.wasReset();
    }

    @Override
    public void close() {
        stream.end();
        server.orTimeout(20, TimeUnit.SECONDS).join();
    }
}
