package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.CertificateWay;
import airlock.secrets.Certificates.CertificateCommand;
import airlock.secrets.Certificates.Certified;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Certificates that an operator's command makes.
class CertificateCommandTest extends SshdFixture {
    private static final Function<String, Certified> SAID = Certified.Refused::new;

    @Test
    void anOperatorsCommandSignsWhatItIsGivenWithTheFactsOfTheRun() throws Exception {
        startTrustingKey();
        var command =
                script(
                        """
                        cat > %1$s/question
                        sed -E 's/.*"public_key":"([^"]*)".*/\\1/' %1$s/question > %1$s/k.pub
                        ssh-keygen -q -s %1$s/ca -I by-command -n %2$s -V -1m:+5m %1$s/k.pub >&2
                        cat %1$s/k-cert.pub
                        """
                                .formatted(folder, ME));
        assertThat(ssh(made(way(command, List.of(ME), Map.of()), Instant.now())))
                .isEqualTo("let in\n");
        assertThat(Files.readString(folder.resolve("question")))
                .contains(
                        "\"run\":\"" + FACTS.run() + "\"",
                        "\"repository\":\"codeberg:7\"",
                        "\"phase\":\"post_plan\"",
                        "\"subject\":\"main\"",
                        "\"principals\":[\"" + ME + "\"]",
                        "\"life_seconds\":600");
    }

    @Test
    void anOperatorsCommandMayBringAKeyOfItsOwn() throws Exception {
        startTrustingKey();
        var command =
                script(
                        """
                        rm -f %1$s/own*
                        ssh-keygen -q -t ed25519 -N '' -C x -f %1$s/own >&2
                        ssh-keygen -q -s %1$s/ca -I own -n %2$s -V -1m:+5m %1$s/own.pub >&2
                        cat %1$s/own %1$s/own-cert.pub
                        """
                                .formatted(folder, ME));
        assertThat(ssh(made(way(command, List.of(ME), Map.of()), Instant.now())))
                .isEqualTo("let in\n");
    }

    @Test
    void whatACommandSaysWrongIsRefusedAndNeverShown() throws Exception {
        makeWrongOnes();
        var wrong =
                Map.of(
                        "cat " + path("other-cert.pub"),
                        "one for another key",
                        "cat " + path("other") + " " + path("late-cert.pub"),
                        "not valid now",
                        "cat " + path("other") + " " + path("host-cert.pub"),
                        "no user certificate",
                        "cat " + path("other.pub"),
                        "no user certificate",
                        "head -c 100 " + path("other"),
                        "no user certificate",
                        "true",
                        "no user certificate",
                        "head -c 100000 /dev/zero",
                        "more than 65,536 bytes",
                        "echo oh no >&2; echo s3cret; exit 3",
                        "failed with code 3: oh no");
        wrong.forEach(
                (body, why) ->
                        assertThat(refused(way(script(body), List.of(ME), Map.of())))
                                .as(body)
                                .contains(why)
                                .doesNotContain("s3cret", "PRIVATE KEY"));
    }

    @Test
    void aCommandThatIsNotThereIsNamed() {
        var signer = new CertificateWay.Signer.Command(List.of("/nonexistent/signer"));
        assertThat(refused(way(signer, List.of(ME), Map.of())))
                .contains("/nonexistent/signer, could not be started");
    }

    private void startTrustingKey() throws Exception {
        makeKey("ca");
        start("TrustedUserCAKeys " + path("ca.pub") + "\nAuthorizedKeysFile none");
    }

    /// Certificates for another key, an expired one, one of a host.
    private void makeWrongOnes() throws Exception {
        makeKey("ca");
        makeKey("other");
        Files.copy(folder.resolve("other.pub"), folder.resolve("late.pub"));
        Files.copy(folder.resolve("other.pub"), folder.resolve("host.pub"));
        sign("other.pub", "-V", "-1m:+5m");
        sign("late.pub", "-V", "-5m:-1m");
        sign("host.pub", "-h");
    }

    private void sign(String file, String... options) throws Exception {
        var command =
                new ArrayList<>(List.of("ssh-keygen", "-q", "-s", path("ca"), "-I", "x", "-n", ME));
        command.addAll(List.of(options));
        command.add(path(file));
        LoopbackSshd.run(Map.of(), command.toArray(String[]::new));
    }

    private void makeKey(String name) throws Exception {
        LoopbackSshd.key(folder.resolve(name));
    }

    @Test
    void aCommandThatTakesTooLongIsEndedAndOneThatDoesNotListenIsHeard() throws Exception {
        var slow =
                new CertificateCommand(
                        List.of("/bin/sh", "-c", "exec sleep 600"), Duration.ofMillis(300));
        assertThat(slow.ask("{}", SAID).toString()).contains("took longer than 0 s");
        var deaf =
                new CertificateCommand(
                        List.of("/bin/sh", "-c", "exec <&-; echo heard"), Duration.ofSeconds(20));
        assertThat(deaf.ask("x".repeat(1 << 20), SAID)).isEqualTo(SAID.apply("heard\n"));
    }

    @Test
    void aCommandHasNothingOfTheServersEnvironmentButItsPath() throws Exception {
        var look = new CertificateCommand(List.of("/usr/bin/env"), Duration.ofSeconds(20));
        assertThat(look.ask("{}", SAID))
                .isEqualTo(SAID.apply("PATH=" + System.getenv("PATH") + "\n"));
    }

    private CertificateWay.Signer script(String body) {
        try {
            Path file = folder.resolve("signer");
            Files.writeString(file, "#!/bin/sh\n" + body + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            return new CertificateWay.Signer.Command(List.of(file.toString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
