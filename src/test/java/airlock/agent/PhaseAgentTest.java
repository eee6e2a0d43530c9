package airlock.agent;

import static airlock.agent.AgentFixture.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhaseAgentTest {
    private final AgentFixture with = new AgentFixture();
    private final PhaseAgent agent = with.agent();
    private final byte[] key = with.key();

    /// Binds a session to the listed host and requests the signature of `data`.
    private void isRefused(byte[] data, String why) throws InterruptedException {
        try (var client = new AgentClient(agent)) {
            // each call a session of its own: one is bound once
            byte[] session = session(with.log.size());
            assertThat(client.binds(with.upload, session)).isTrue();
            isRefused(client, data, why);
        }
    }

    private void isRefused(AgentClient client, byte[] data, String why)
            throws InterruptedException {
        int before = with.log.size();
        assertThat(client.signs(key, data)).isEmpty();
        assertThat(with.log).hasSize(before + 1);
        assertThat(with.last()).startsWith("signature refused: ").contains(why);
        assertThat(agent.signatures()).isZero();
    }

    @Test
    void itListsItsKeysInTheirOrder() throws Exception {
        try (var client = new AgentClient(agent)) {
            assertThat(client.asks(Messages.identities()).orElseThrow())
                    .isEqualTo(
                            new SshOutput()
                                    .octet(Answers.IDENTITIES)
                                    .number(2)
                                    .string(key)
                                    .text("deploy")
                                    .string(with.mirror.publicBlob())
                                    .text("mirror")
                                    .bytes());
        }
        assertThat(with.log).isEmpty();
    }

    @Test
    void aLoginOfAListedUserAtAListedHostIsSignedByBothMethods() throws Exception {
        byte[] login = with.login(1);
        byte[] bound = Messages.login(session(1), "ci", key, with.upload.blob());
        try (var client = new AgentClient(agent)) {
            assertThat(client.binds(with.upload, session(1))).isTrue();

            assertThat(client.signs(key, login)).contains(with.deploy.sign(login));
            assertThat(client.signs(key, bound)).contains(with.deploy.sign(bound));
        }
        assertThat(with.log)
                .containsExactly(
                        "signed: user ci at upload.example (%s), 1 of 5"
                                .formatted(HostKey.shown(key)),
                        "signed: user ci at upload.example (%s), 2 of 5"
                                .formatted(HostKey.shown(key)));
        assertThat(with.last()).contains("(ssh-ed25519 SHA256:");
        assertThat(agent.signatures()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "CI", "ci ", "cii", "c", "", "git"})
    void anotherUserIsRefused(String user) throws Exception {
        isRefused(
                Messages.login(session(0), user, key),
                "user %s at upload.example is not listed; `%s` in the users of %s would allow it"
                        .formatted(user, user, AgentFixture.SETTING));
    }

    @Test
    void aHostThatIsNotListedIsRefused() throws Exception {
        try (var client = new AgentClient(agent)) {
            assertThat(client.binds(with.stranger, session(1))).isFalse();
            isRefused(
                    client, with.login(1), HostKey.shown(with.stranger.blob()) + " is not listed");
        }
    }

    @Test
    void aHostThatIsListedForAnotherKeyIsRefused() throws Exception {
        try (var client = new AgentClient(agent)) {
            assertThat(client.binds(with.other, session(1))).isTrue();
            isRefused(client, with.login(1), "is listed, but not for this key");
            assertThat(with.last()).contains(AgentFixture.SETTING);
        }
    }

    @Test
    void aKeyThatIsNotThereIsNotNamedInALogin() throws Exception {
        byte[] another = new TestSigner("another").publicBlob();
        try (var client = new AgentClient(agent)) {
            assertThat(client.binds(with.upload, session(0))).isTrue();
            isRefused(
                    client,
                    Messages.login(session(0), "ci", another),
                    "the login is with another key");
            isRefused(
                    client,
                    Messages.login(session(0), "ci", with.mirror.publicBlob()),
                    "the login is with another key");
            assertThat(client.signs(another, Messages.login(session(0), "ci", another))).isEmpty();
            assertThat(with.last()).contains("the agent has no key " + HostKey.shown(another));
        }
    }

    @Test
    void theSignatureOfAFileOrACommitIsRefused() throws Exception {
        var sshsig = "SSHSIG\0\0\0\3git\0\0\0\0\0\0\0\6sha512".getBytes(StandardCharsets.US_ASCII);
        isRefused(sshsig, "the signature of a file or a commit; this agent signs SSH logins only");
    }

    @Test
    void aCertificateIsRefused() throws Exception {
        byte[] certificate =
                new SshOutput()
                        .text("ssh-ed25519-cert-v01@openssh.com")
                        .string(new byte[32])
                        .string(key)
                        .bytes();
        isRefused(certificate, "a certificate; this agent signs SSH logins only");
    }

    @Test
    void bytesOfAnySortAreRefused() throws Exception {
        for (int length : new int[] {0, 1, 3, 4, 5, 32, 64, 1000, 16 << 10}) {
            isRefused(new byte[length], "not a login");
        }
        isRefused(new byte[(16 << 10) + 1], "too long for a login");
    }

    @Test
    void whatIsALoginButForOneThingIsRefused() throws Exception {
        byte[] good = Messages.login(session(0), "ci", key);
        int kind = Integer.BYTES + session(0).length;
        isRefused(Arrays.copyOf(good, good.length + 1), "not a login");
        isRefused(Arrays.copyOf(good, good.length - 1), "not a login");
        isRefused(changed(good, kind, 49), "not a login"); // another message
        isRefused(changed(good, find(good, "ssh-connection"), 'S'), "not a login");
        isRefused(changed(good, find(good, "publickey"), 'P'), "not a login");
        int truth = find(good, "publickey") + "publickey".length();
        isRefused(changed(good, truth, 0), "not a login");
        isRefused(changed(good, truth, 2), "not a login");
        isRefused(changed(good, find(good, HostKey.ED25519), 'S'), "not a login");
        isRefused(changed(good, find(good, "ci") + 1, 0), "not a login"); // a NUL in the name
        isRefused(Messages.login(new byte[0], "ci", key), "not a login");
        isRefused(Messages.login(new byte[65], "ci", key), "not a login");
        byte[] bound = Messages.login(session(0), "ci", key, with.upload.blob());
        isRefused(Arrays.copyOf(bound, bound.length + 1), "not a login");
        isRefused(changed(bound, find(bound, "hostbound"), 'H'), "not a login");
    }

    private static byte[] changed(byte[] bytes, int at, int to) {
        byte[] copy = bytes.clone();
        assertThat(copy[at]).isNotEqualTo((byte) to);
        copy[at] = (byte) to;
        return copy;
    }

    private static int find(byte[] bytes, String word) {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(word);
        assertThat(at).isPositive();
        return at;
    }

    @Test
    void flagsAreRefused() throws Exception {
        try (var client = new AgentClient(agent)) {
            assertThat(client.binds(with.upload, session(1))).isTrue();
            assertThat(client.signature(Messages.sign(key, with.login(1), 2))).isEmpty();
        }
        assertThat(with.last()).contains("its flags (2) mean nothing");
    }

    @Test
    void theLoginOfAnotherSessionIsRefused() throws Exception {
        try (var client = new AgentClient(agent)) {
            assertThat(client.binds(with.upload, session(1))).isTrue();
            isRefused(client, with.login(2), "another session");
            isRefused(
                    client,
                    Messages.login(session(1), "ci", key, with.other.blob()),
                    "another session");
        }
    }

    @Test
    void aSessionThatAnotherStreamHasBoundIsRefused() throws Exception {
        byte[] recorded = Messages.bind(with.upload, session(1), false);
        try (var client = new AgentClient(agent);
                var replay = new AgentClient(agent)) {
            assertThat(client.isSuccess(recorded)).isTrue();
            assertThat(replay.isSuccess(recorded)).isFalse();
            isRefused(replay, with.login(1), "bound to another stream before");
        }
    }

    @Test
    void aBindThatItsHostHasNotSignedIsRefused() throws Exception {
        byte[] host = with.upload.blob();
        byte[] good = with.upload.sign(session(1));
        for (byte[] signature :
                List.of(
                        new byte[0],
                        with.stranger.sign(session(1)),
                        with.upload.sign(session(2)),
                        Arrays.copyOf(good, good.length + 1),
                        changed(good, good.length - 1, good[good.length - 1] ^ 1))) {
            try (var client = new AgentClient(agent)) {
                assertThat(client.isSuccess(Messages.bind(host, session(1), signature, false)))
                        .isFalse();
                isRefused(client, with.login(1), "is not signed by its host");
            }
        }
        try (var client = new AgentClient(agent)) { // and nothing of that has used the session up
            assertThat(client.binds(with.upload, session(1))).isTrue();
        }
    }

    @Test
    void aMalformedBindSpoilsItsStream() throws Exception {
        byte[] good = Messages.bind(with.upload, session(1), false);
        for (byte[] bad :
                List.of(
                        Arrays.copyOf(good, good.length - 1),
                        Arrays.copyOf(good, good.length + 1),
                        changed(good, good.length - 1, 2))) {
            try (var client = new AgentClient(agent)) {
                assertThat(client.isSuccess(bad)).isFalse();
                assertThat(client.isSuccess(good)).isFalse();
                isRefused(client, with.login(1), "malformed bind");
            }
        }
        for (byte[] id : List.of(new byte[0], new byte[19], new byte[65])) {
            try (var client = new AgentClient(agent)) {
                assertThat(client.binds(with.upload, id)).isFalse();
                isRefused(client, with.login(1), "an invalid session id");
            }
        }
    }

    @Test
    void aForwardedAgentSignsNothing() throws Exception {
        try (var client = new AgentClient(agent)) {
            assertThat(client.isSuccess(Messages.bind(with.upload, session(1), true))).isFalse();
            isRefused(client, with.login(1), "forwarded to another host (ssh -A)");
            assertThat(client.binds(with.upload, session(2))).isFalse();
            isRefused(client, with.login(2), "forwarded to another host (ssh -A)");
        }
    }

    @Test
    void aStreamWithoutASessionSignsNothing() throws Exception {
        try (var client = new AgentClient(agent)) {
            isRefused(client, with.login(1), "OpenSSH does from 8.9 on");
            assertThat(with.last()).contains("`certificate`");
        }
    }

    @Test
    void aStreamIsBoundOnce() throws Exception {
        for (boolean isForwarding : new boolean[] {false, true}) {
            int first = isForwarding ? 1 : 3;
            try (var client = new AgentClient(agent)) {
                assertThat(client.binds(with.upload, session(first))).isTrue();
                byte[] again = Messages.bind(with.upload, session(first + 1), isForwarding);
                assertThat(client.isSuccess(again)).isFalse();
                isRefused(client, with.login(first), "a second session");
            }
        }
    }

    @Test
    void whatNoKeyIsForIsRefused() throws Exception {
        try (var client = new AgentClient(agent)) {
            for (int kind = 0; kind < 256; kind++) {
                if (kind != Request.IDENTITIES) {
                    byte[] message = {(byte) kind, 0, 0, 0, 0};
                    assertThat(client.asks(message)).contains(new byte[] {Answers.FAILURE});
                }
            }
            byte[] query = new SshOutput().octet(Request.EXTENSION).text("query").bytes();
            assertThat(client.isSuccess(query)).isFalse();
            assertThat(client.isSuccess(new byte[] {Request.IDENTITIES, 0})).isFalse();
        }
        assertThat(with.log)
                .contains(
                        "agent request (locking) refused: this agent lists its keys and signs"
                                + " logins");
    }

    @Test
    void onlyEd25519KeysSign() {
        byte[] rsa = TestHost.rsa(2048).blob();
        var key = new SigningKey(rsa, "", data -> data, "", Set.of(), List.of(), 1);
        assertThatThrownBy(() -> new PhaseAgent(List.of(key), with.log::add))
                .hasMessageContaining("Ed25519 ones, not ssh-rsa SHA256:");
    }
}
