package airlock.agent;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An agent with a key for one user at one host, and another key for another host.
final class AgentFixture {
    static final String SETTING = "repositories[].secrets.deploy";
    static final int MOST = 5;

    final TestSigner deploy = new TestSigner("deploy");
    final TestSigner mirror = new TestSigner("mirror");
    final TestHost upload = TestHost.ed25519();
    final TestHost other = TestHost.ed25519();
    final TestHost stranger = TestHost.ed25519();
    final List<String> log = new CopyOnWriteArrayList<>();
    private final SigningKey.Host uploadListed = upload.listed("upload.example");
    private final SigningKey.Host otherListed = other.listed("mirror.example");

    PhaseAgent agent() {
        return agent(MOST);
    }

    PhaseAgent agent(int signatures) {
        return new PhaseAgent(
                List.of(
                        deploy.key(SETTING, "ci", List.of(uploadListed), signatures),
                        mirror.key(
                                "repositories[].secrets.mirror",
                                "git",
                                List.of(otherListed),
                                signatures)),
                log::add);
    }

    byte[] key() {
        return deploy.publicBlob();
    }

    /// A session's id.
    static byte[] session(int number) {
        return ByteBuffer.allocate(32).putInt(number).array();
    }

    /// The login that may be signed.
    byte[] login(int session) {
        return Messages.login(session(session), "ci", key());
    }

    String last() {
        return log.getLast();
    }
}
