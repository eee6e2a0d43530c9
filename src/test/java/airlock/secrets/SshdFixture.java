package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.config.CertificateWay;
import airlock.event.Phase;
import airlock.secrets.Certificates.Certified;
import airlock.secrets.SecretStore.RunFacts;
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

/// A store, and Debian's sshd on loopback.
abstract class SshdFixture extends SecretsFixture {
    static final RunFacts FACTS = facts(REPOSITORY);
    static final String ME = System.getProperty("user.name");

    SecretStore store;
    private @Nullable Process sshd;
    private int port;

    @BeforeEach
    void open() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/sshd"))
                        && Files.isExecutable(Path.of("/usr/bin/ssh")),
                "sshd or ssh is not installed: apt-get install openssh-server");
        store = store();
    }

    @AfterEach
    void endSshd() throws InterruptedException {
        if (sshd != null) {
            sshd.destroy();
            assertThat(sshd.waitFor(10, TimeUnit.SECONDS)).isTrue();
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
        return switch (new Certificates(store.keys(), InstantSource.fixed(now)).make(way, FACTS)) {
            case Certified.Made made -> made;
            case Certified.Refused(var why) -> throw new AssertionError(why);
        };
    }

    String refused(CertificateWay way) {
        return switch (store.certificates().make(way, FACTS)) {
            case Certified.Made _ -> throw new AssertionError("made");
            case Certified.Refused(var why) -> why;
        };
    }

    /// @param keys the lines of its configuration that say which keys it accepts
    void start(String keys) throws Exception {
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
                StrictModes no
                PermitRootLogin yes
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                UsePAM no
                %s
                """
                        .formatted(port, path("host"), keys));
        if (ME.equals("root")) {
            // sshd's privilege separation wants it; a machine without a running sshd lacks it
            Files.createDirectories(Path.of("/run/sshd"));
        }
        var command =
                List.of("/usr/sbin/sshd", "-D", "-E", path("sshd.log"), "-f", path("sshd_config"));
        sshd =
                new ProcessBuilder(command)
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
        return ssh(
                "none",
                "IdentityFile=" + key,
                "IdentitiesOnly=yes",
                "BatchMode=yes",
                "StrictHostKeyChecking=no");
    }

    /// Runs `echo let in` by ssh, with options of ssh_config(5).
    String ssh(String configuration, String... options) throws Exception {
        var command = new ArrayList<>(List.of("ssh", "-T", "-F", configuration));
        for (String option : options) {
            command.addAll(List.of("-o", option));
        }
        command.addAll(List.of("-o", "LogLevel=ERROR", "-o", "UserKnownHostsFile=/dev/null"));
        command.addAll(List.of("-p", Integer.toString(port), ME + "@127.0.0.1", "echo let in"));
        return run(Map.of(), command.toArray(String[]::new));
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
