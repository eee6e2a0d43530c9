package airlock.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.secrets.LoopbackSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The agent in the hands of Debian's OpenSSH: its server, its client and its other programs.
class OpenSshAgentTest {
    private static final String LET_IN = "let in\n";

    @TempDir Path folder;
    private final TestSigner key = new TestSigner("deploy");
    private final List<String> log = new CopyOnWriteArrayList<>();
    private Path publicFile = Path.of("");
    private Path message = Path.of("");

    @BeforeEach
    void files() throws IOException {
        assumeTrue(
                Files.isExecutable(LoopbackSshd.PROGRAM)
                        && Files.isExecutable(Path.of("/usr/bin/ssh-add")),
                "sshd or ssh is not installed: apt-get install openssh-server");
        publicFile = Files.writeString(folder.resolve("key.pub"), key.publicLine() + "\n");
        message = Files.writeString(folder.resolve("message"), "what is signed\n");
    }

    private TestSshd sshd(String type, int bits) throws Exception {
        return new TestSshd(
                Files.createDirectory(folder.resolve("sshd")), type, bits, key.publicLine());
    }

    private PhaseAgent agent(String user, SigningKey.Host host) {
        return new PhaseAgent(List.of(key.key("deploy", user, List.of(host), 20)), log::add);
    }

    private PhaseAgent agent(TestSshd sshd) throws IOException {
        return agent(LoopbackSshd.USER, new SigningKey.Host("upload.example", sshd.key()));
    }

    private AgentSocket socket(PhaseAgent agent) throws IOException {
        return new AgentSocket(folder.resolve("agent"), agent);
    }

    @ParameterizedTest
    @CsvSource({"ed25519, 256", "ecdsa, 256", "ecdsa, 384", "ecdsa, 521", "rsa, 3072"})
    void aListedUserLogsInToAListedHostOfEachKindOfKey(String type, int bits) throws Exception {
        try (var sshd = sshd(type, bits);
                var socket = socket(agent(sshd))) {
            assertThat(sshd.login(socket.path(), "true")).isEqualTo(LET_IN);
            assertThat(sshd.login(socket.path(), "true")).isEqualTo(LET_IN);
        }
        assertThat(log)
                .containsExactly(
                        "signed: user %s at upload.example (%s), 1 of 20"
                                .formatted(LoopbackSshd.USER, HostKey.shown(key.publicBlob())),
                        "signed: user %s at upload.example (%s), 2 of 20"
                                .formatted(LoopbackSshd.USER, HostKey.shown(key.publicBlob())));
    }

    @Test
    void aClientThatSignsWithoutNamingTheHostsKeyLogsInToo() throws Exception {
        try (var sshd = sshd("ed25519", 256);
                var socket = socket(agent(sshd))) {
            assertThat(sshd.login(socket.path(), "-oPubkeyAuthentication=unbound", "true"))
                    .isEqualTo(LET_IN);
        }
    }

    @Test
    void aHostBehindAForwardedAgentIsRefused() throws Exception {
        try (var sshd = sshd("ed25519", 256);
                var socket = socket(agent(sshd))) {
            assertThat(sshd.login(socket.path(), "-A", "hop")).contains("Permission denied");
        }
        assertThat(log).hasSize(2);
        assertThat(log.getFirst()).startsWith("signed: "); // the first hop's login
        assertThat(log.getLast())
                .startsWith("signature refused: the agent is forwarded to another host (ssh -A)");
    }

    private String run(PhaseAgent agent, String... command) throws Exception {
        try (var socket = socket(agent)) {
            return LoopbackSshd.run(Map.of("SSH_AUTH_SOCK", socket.path().toString()), command);
        }
    }

    private PhaseAgent agent() {
        return agent("ci", TestHost.ed25519().listed("upload.example"));
    }

    @Test
    void aFilesSignatureIsRefused() throws Exception {
        run(agent(), "ssh-keygen", "-Y", "sign", "-n", "file", "-f", "" + publicFile, "" + message);
        assertThat(log).hasSize(1);
        assertThat(log.getFirst())
                .isEqualTo(
                        "signature refused: that is the signature of a file or a commit; this agent"
                                + " signs SSH logins only");
        assertThat(folder.resolve("message.sig")).doesNotExist();
    }

    @Test
    void aCommitsSignatureIsRefused() throws Exception {
        String repository = folder.resolve("repository").toString();
        LoopbackSshd.run(Map.of(), "git", "init", "-q", repository);
        String output =
                run(
                        agent(),
                        "git",
                        "-C",
                        repository,
                        "-c",
                        "user.name=Ann",
                        "-c",
                        "user.email=ann@example.org",
                        "-c",
                        "gpg.format=ssh",
                        "-c",
                        "user.signingkey=" + publicFile,
                        "commit",
                        "--allow-empty",
                        "-S",
                        "-m",
                        "signed");
        assertThat(output).contains("failed to write commit object");
        assertThat(log).hasSize(1);
        assertThat(log.getFirst()).contains("the signature of a file or a commit");
    }

    @Test
    void aCertificateIsRefused() throws Exception {
        Path user = Files.copy(publicFile, folder.resolve("user.pub"));
        run(agent(), "ssh-keygen", "-U", "-s", "" + publicFile, "-I", "me", "-n", "ci", "" + user);
        assertThat(log).hasSize(1);
        assertThat(log.getFirst()).contains("a certificate; this agent signs SSH logins only");
        assertThat(folder.resolve("user-cert.pub")).doesNotExist();
    }

    @Test
    void keysAreListedAndNoneIsAddedOrRemoved() throws Exception {
        var agent = agent();
        Path other = folder.resolve("other");
        LoopbackSshd.key(other);
        try (var socket = socket(agent)) {
            var here = Map.of("SSH_AUTH_SOCK", socket.path().toString());
            assertThat(LoopbackSshd.run(here, "ssh-add", other.toString())).contains("refused");
            assertThat(LoopbackSshd.run(here, "ssh-add", "-t", "60", other.toString()))
                    .contains("refused");
            assertThat(LoopbackSshd.run(here, "ssh-add", "-d", publicFile.toString()))
                    .contains("refused");
            assertThat(LoopbackSshd.run(here, "ssh-add", "-D")).contains("Failed");
            assertThat(LoopbackSshd.run(here, "ssh-add", "-L")).isEqualTo(key.publicLine() + "\n");
        }
        assertThat(log)
                .contains(
                        "agent request (adding a key) refused: this agent lists its keys and signs"
                                + " logins",
                        "agent request (removing a key) refused: this agent lists its keys and"
                                + " signs logins",
                        "agent request (removing all keys) refused: this agent lists its keys and"
                                + " signs logins");
    }
}
