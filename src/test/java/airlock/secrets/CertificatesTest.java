package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.CertificateWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Fresh keys with certificates, used by Debian's OpenSSH.
class CertificatesTest extends SshdFixture {
    private static CertificateWay byCa(List<String> principals, Map<String, String> options) {
        return way(new CertificateWay.Signer.Ca("ca"), principals, options);
    }

    private void makeCa() throws IOException {
        var made = store.keys().make(REPOSITORY, "ca", "ada").orElseThrow();
        Files.writeString(folder.resolve("ca.pub"), made.publicLine() + "\n");
    }

    @Test
    void whatIsCertifiedIsWhatIsSaidAndNothingElse() throws Exception {
        makeCa();
        var made =
                made(
                        byCa(
                                List.of("www-data", "bob"),
                                Map.of("force-command", "rrsync -wo /srv")),
                        Instant.parse("2026-11-28T12:00:00Z"));
        Path file = Files.writeString(folder.resolve("c-cert.pub"), made.certificate() + "\n");
        String shown =
                LoopbackSshd.run(Map.of("TZ", "UTC"), "ssh-keygen", "-L", "-f", file.toString());
        assertThat(shown)
                .contains(
                        "ssh-ed25519-cert-v01@openssh.com user certificate",
                        "Key ID: \"" + FACTS.run() + "\"",
                        "Serial: " + FACTS.serial(),
                        "from 2026-11-28T11:59:00 to 2026-11-28T12:10:00",
                        "force-command rrsync -wo /srv",
                        "Extensions: (none)");
        assertThat(shown.lines().map(String::strip)).contains("www-data", "bob");
        assertThat(made.toString()).isEqualTo("Made[***]");
    }

    @Test
    void anSshdThatTrustsTheCaLetsItInForItsPrincipalWhileItLasts() throws Exception {
        makeCa();
        start("TrustedUserCAKeys " + path("ca.pub") + "\nAuthorizedKeysFile none");
        Instant now = Instant.now();
        assertThat(ssh(made(byCa(List.of(ME), Map.of()), now))).isEqualTo("let in\n");
        assertThat(ssh(made(byCa(List.of(ME), Map.of("force-command", "echo forced")), now)))
                .isEqualTo("forced\n");
        // a current sshd blocks clients that fail more often than that
        assertThat(ssh(made(byCa(List.of("somebody"), Map.of()), now)))
                .contains("Permission denied");
        assertThat(ssh(made(byCa(List.of(ME), Map.of()), now.minus(Duration.ofHours(1)))))
                .contains("Permission denied");
        assertThat(ssh(made(byCa(List.of(ME), Map.of("source-address", "192.0.2.1")), now)))
                .contains("Permission denied");
    }

    @Test
    void eachPhaseHasAKeyOfItsOwn() throws Exception {
        makeCa();
        var way = byCa(List.of(ME), Map.of());
        assertThat(made(way, Instant.now()).privateFile())
                .isNotEqualTo(made(way, Instant.now()).privateFile());
    }

    @Test
    void withoutTheCasKeyItSaysWhatToDo() {
        assertThat(refused(byCa(List.of(ME), Map.of())))
                .contains("signed by the key 'ca'", "airlock secret new");
    }
}
