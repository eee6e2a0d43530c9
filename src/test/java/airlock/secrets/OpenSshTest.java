package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.store.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of a secrets drive in the hands of Debian's OpenSSH.
class OpenSshTest {
    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final RepositoryId REPOSITORY = new RepositoryId("codeberg", "7");
    private static final RepositoryId STRANGER = new RepositoryId("codeberg", "8");

    @TempDir Path folder;
    private Database database;
    private SecretStore store;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("airlock.db"));
        store =
                SecretStore.of(
                        database,
                        InstantSource.fixed(Instant.EPOCH),
                        new KeyFile(folder.resolve(KeyFile.NAME)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void sshKeygenReadsThePrivateFileAndFindsThePublicHalf() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/ssh-keygen")),
                "ssh-keygen is not installed: apt-get install openssh-client");
        for (int i = 0; i < 20; i++) {
            var repository = new RepositoryId("codeberg", "r" + i);
            String line = publicLine(repository);
            unpack(repository, "");
            assertThat(run("/usr/bin/ssh-keygen", "-y", "-P", "", "-f", file("ssh_key")))
                    .startsWith(line.substring(0, line.lastIndexOf(' ')));
        }
    }

    @Test
    void anSshdLetsTheKeyInAndNoOther() throws Exception {
        assumeTrue(
                Files.isExecutable(SSHD) && Files.isExecutable(Path.of("/usr/bin/ssh")),
                "sshd or ssh is not installed: apt-get install openssh-server");
        Files.writeString(folder.resolve("authorized_keys"), publicLine(REPOSITORY) + "\n");
        int port = freePort();
        Process sshd = sshd(port);
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> listens(port));
            unpack(REPOSITORY, knownHosts(port));
            assertThat(ssh(port)).isEqualTo("let in\n");
            String otherBlob = publicLine(STRANGER).split(" ", -1)[1];
            unpack(STRANGER, knownHosts(port));
            assertThat(ssh(port)).contains("Permission denied");
            unpack(REPOSITORY, knownHosts(port).replaceAll("AAAA\\S+", otherBlob));
            assertThat(ssh(port)).contains("Host key verification failed");
        } finally {
            sshd.destroy();
            assertThat(sshd.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private String publicLine(RepositoryId repository) {
        return switch (store.keys().make(repository, SshKeys.DEFAULT_NAME, "ada")) {
            case NewKey.Made(SshKey key) -> key.publicLine();
            case NewKey.Exists(SshKey key) -> key.publicLine();
        };
    }

    /// Does with the drive what the guest does, in this test's folder.
    private void unpack(RepositoryId repository, String knownHosts) throws IOException {
        var facts =
                new RunFacts(
                        new RunId("a".repeat(20)),
                        repository,
                        new Subject.Branch("refs/heads/main"),
                        TrustClass.LISTED,
                        Phase.POST_PLAN);
        var filling = store.drive().fill(SecretsDriveTest.KEY, facts, knownHosts);
        assertThat(filling).isInstanceOf(Filling.Filled.class);
        if (filling instanceof Filling.Filled(List<SecretFile> files)) {
            for (var file : files) {
                String content =
                        new String(file.content(), StandardCharsets.UTF_8)
                                .replace(SecretsDrive.FOLDER, folder.toString());
                Path path = Files.writeString(folder.resolve(file.name()), content);
                assertThat(file.mode()).isEqualTo(0600);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    private Process sshd(int port) throws Exception {
        run("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file("host_key"));
        Files.writeString(
                folder.resolve("sshd_config"),
                """
                ListenAddress 127.0.0.1
                Port %d
                HostKey %s
                PidFile none
                AuthorizedKeysFile %s
                StrictModes no
                PermitRootLogin yes
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                UsePAM no
                ForceCommand echo let in
                """
                        .formatted(port, file("host_key"), file("authorized_keys")));
        if (System.getProperty("user.name").equals("root")) {
            // sshd's privilege separation wants it; a machine without a running sshd lacks it
            Files.createDirectories(Path.of("/run/sshd"));
        }
        return new ProcessBuilder(
                        SSHD.toString(), "-D", "-E", file("sshd.log"), "-f", file("sshd_config"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private String knownHosts(int port) throws IOException {
        return "[127.0.0.1]:" + port + " " + Files.readString(folder.resolve("host_key.pub"));
    }

    private String ssh(int port) throws Exception {
        return run(
                "/usr/bin/ssh",
                "-T",
                "-F",
                file("ssh_config"),
                "-p",
                Integer.toString(port),
                System.getProperty("user.name") + "@127.0.0.1");
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output).isTrue();
        return output;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
