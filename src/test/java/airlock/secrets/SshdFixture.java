package airlock.secrets;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.config.CertificateWay;
import airlock.event.Phase;
import airlock.secrets.Certificates.Certified;
import airlock.secrets.SecretStore.RunFacts;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A store, and Debian's sshd on loopback.
abstract class SshdFixture extends SecretsFixture {
    static final RunFacts FACTS = facts(REPOSITORY);
    static final String ME = LoopbackSshd.USER;

    SecretStore store;
    private @Nullable LoopbackSshd sshd;
    private int port;

    @BeforeEach
    void open() {
        assumeTrue(
                Files.isExecutable(LoopbackSshd.PROGRAM)
                        && Files.isExecutable(Path.of("/usr/bin/ssh")),
                "sshd or ssh is not installed: apt-get install openssh-server");
        store = store();
    }

    @AfterEach
    void endSshd() {
        if (sshd != null) {
            sshd.close();
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
        port = LoopbackSshd.freePort();
        LoopbackSshd.key(folder.resolve("host"));
        sshd = new LoopbackSshd(folder, port, keys);
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
        return LoopbackSshd.run(Map.of(), command.toArray(String[]::new));
    }

    String path(String name) {
        return folder.resolve(name).toString();
    }
}
