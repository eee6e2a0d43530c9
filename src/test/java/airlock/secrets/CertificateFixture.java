package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.config.CertificateWay;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A store, and an sshd on loopback that trusts the CA whose public half is `ca.pub`.
abstract class CertificateFixture {
    static final RepositoryId REPOSITORY = new RepositoryId("codeberg", "7");
    static final RunFacts FACTS =
            new RunFacts(
                    new RunId("b".repeat(20)),
                    REPOSITORY,
                    new Subject.Branch("refs/heads/main"),
                    TrustClass.LISTED,
                    Phase.POST_PLAN);
    static final String ME = System.getProperty("user.name");

    @TempDir Path folder;
    private Database database;
    SshKeys keys;
    private @Nullable Process sshd;
    private int port;

    @BeforeEach
    void open() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/sshd"))
                        && Files.isExecutable(Path.of("/usr/bin/ssh")),
                "sshd or ssh is not installed: apt-get install openssh-server");
        database = Database.open(folder.resolve("airlock.db"));
        keys =
                new SshKeys(
                        database,
                        InstantSource.system(),
                        new KeyFile(folder.resolve(KeyFile.NAME)));
    }

    @AfterEach
    void close() throws InterruptedException {
        if (sshd != null) {
            sshd.destroy();
            assertThat(sshd.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        if (database != null) {
            database.close();
        }
    }

    static CertificateWay way(
            CertificateWay.Signer signer, List<String> principals, Map<String, String> options) {
        var restriction =
                new CertificateWay.Restriction(
                        Optional.ofNullable(options.get("force-command")),
                        Optional.ofNullable(options.get("source-address")));
        return new CertificateWay(
                Set.of(Phase.POST_PLAN),
                principals,
                Duration.ofMinutes(10),
                restriction,
                signer instanceof CertificateWay.Signer.Ca(var key)
                        ? Optional.of(key)
                        : Optional.empty(),
                signer instanceof CertificateWay.Signer.Command(var argv)
                        ? Optional.of(argv)
                        : Optional.empty());
    }

    Certified.Made made(CertificateWay way, Instant now) {
        return switch (new Certificates(keys, InstantSource.fixed(now)).make(way, FACTS)) {
            case Certified.Made made -> made;
            case Certified.Refused(var why) -> throw new AssertionError(why);
        };
    }

    String refused(CertificateWay way) {
        return switch (new Certificates(keys, InstantSource.system()).make(way, FACTS)) {
            case Certified.Made _ -> throw new AssertionError("made");
            case Certified.Refused(var why) -> why;
        };
    }

    void start() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        run(Map.of(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path("host"));
        Files.writeString(
                folder.resolve("sshd_config"),
                """
                ListenAddress 127.0.0.1
                Port %d
                HostKey %s
                PidFile none
                TrustedUserCAKeys %s
                AuthorizedKeysFile none
                StrictModes no
                PermitRootLogin yes
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                UsePAM no
                """
                        .formatted(port, path("host"), path("ca.pub")));
        if (ME.equals("root")) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        sshd =
                new ProcessBuilder(
                                "/usr/sbin/sshd",
                                "-D",
                                "-E",
                                path("sshd.log"),
                                "-f",
                                path("sshd_config"))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        await().atMost(Duration.ofSeconds(20)).until(this::listens);
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String ssh(Certified.Made made) throws Exception {
        Path key = folder.resolve("ssh_key");
        Files.deleteIfExists(key);
        Files.write(key, made.privateFile());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(folder.resolve("ssh_key-cert.pub"), made.certificate() + "\n");
        return run(
                Map.of(),
                "ssh",
                "-T",
                "-F",
                "none",
                "-o",
                "IdentityFile=" + key,
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "BatchMode=yes",
                "-o",
                "LogLevel=ERROR",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-p",
                Integer.toString(port),
                ME + "@127.0.0.1",
                "echo let in");
    }

    String path(String name) {
        return folder.resolve(name).toString();
    }

    static String run(Map<String, String> environment, String... command) throws Exception {
        var builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
        builder.environment().putAll(environment);
        builder.environment().remove("SSH_AUTH_SOCK");
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output).isTrue();
        return output;
    }
}
