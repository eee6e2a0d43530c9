package airlock.secrets;

import airlock.base.Json;
import airlock.config.CertificateWay;
import airlock.config.CertificateWay.Signer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import tools.jackson.databind.node.ObjectNode;

/// Makes fresh SSH keys with short-lived user certificates (OpenSSH's PROTOCOL.certkeys).
///
/// **Threads**: any.
public final class Certificates {
    /// The target's clock may be behind by this much.
    private static final Duration SLACK = Duration.ofSeconds(60);

    private final SshKeys keys;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Certificates(SshKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    sealed interface Certified {
        /// Never prints the key.
        ///
        /// @param privateFile a private key file, without a passphrase
        /// @param certificate on one line, as OpenSSH writes it
        record Made(byte[] privateFile, String certificate) implements Certified {
            @Override
            public String toString() {
                return "Made[***]";
            }
        }

        /// Refused.
        ///
        /// @param why with what to do
        record Refused(String why) implements Certified {}
    }

    /// Makes a key for one phase of a run. Its certificate's key id is the run, its serial number
    /// is derived from it, and it allows no terminal and no forwarding.
    Certified make(CertificateWay way, RunFacts facts) {
        byte[] file = OpenSsh.privateFile(new Ed25519PrivateKeyParameters(random));
        KeyPair pair =
                SshPairs.read(file)
                        .orElseThrow(() -> new SecretsException("a fresh key can't be read"));
        return switch (way.signer()) {
            case Signer.Ca(String name) -> signed(way, facts, name, file, pair);
            case Signer.Command(var argv) -> {
                String question = question(way, facts, SshPairs.line(pair.getPublic()));
                yield switch (new CertificateCommand(argv).ask(question)) {
                    case CertificateCommand.Answer.Failed(String why) -> new Certified.Refused(why);
                    case CertificateCommand.Answer.Said(String text) -> checked(text, file);
                };
            }
        };
    }

    private Certified signed(
            CertificateWay way, RunFacts facts, String name, byte[] file, KeyPair pair) {
        Optional<KeyPair> ca = keys.privateFile(facts.repository(), name).flatMap(SshPairs::read);
        if (ca.isEmpty()) {
            return new Certified.Refused(
                    "the configuration has certificates signed by the key '%s', but %s has none: run `airlock secret new REPOSITORY %s --for ca:USER`"
                            .formatted(name, facts.repository(), name));
        }
        Instant now = clock.instant();
        try {
            OpenSshCertificate certificate =
                    OpenSshCertificateBuilder.userCertificate()
                            .publicKey(pair.getPublic())
                            .serial(facts.serial())
                            .id(facts.run().text())
                            .principals(way.principals())
                            .criticalOptions(way.restriction().options())
                            .validAfter(now.minus(SLACK))
                            .validBefore(now.plus(way.life()))
                            .sign(ca.get());
            return new Certified.Made(file, SshPairs.line(certificate));
        } catch (Exception e) { // MINA declares no narrower one
            throw new SecretsException("signing a certificate with '" + name + "' failed", e);
        }
    }

    /// The operator's command gets one JSON object (docs/secrets.md).
    private static String question(CertificateWay way, RunFacts facts, String publicKey) {
        ObjectNode question =
                Json.MAPPER
                        .createObjectNode()
                        .put("public_key", publicKey)
                        .put("run", facts.run().text())
                        .put("serial", facts.serial())
                        .put("repository", facts.repository().toString())
                        .put("subject", facts.subject().shortName())
                        .put("trust", facts.trust().key())
                        .put("phase", facts.phase().key())
                        .put("life_seconds", way.life().toSeconds());
        way.principals().forEach(question.putArray("principals")::add);
        way.restriction().options().forEach(question.putObject("options")::put);
        return Json.MAPPER.writeValueAsString(question) + "\n";
    }

    /// The command prints a certificate for our key, or a key of its own with its certificate.
    private Certified checked(String text, byte[] ours) {
        int end = text.indexOf(OpenSsh.END);
        int begin = text.indexOf(OpenSsh.BEGIN);
        byte[] file = ours;
        if (begin >= 0 && end > begin) {
            String own = text.substring(begin, end + OpenSsh.END.length()) + "\n";
            file = own.getBytes(StandardCharsets.US_ASCII);
        }
        String line =
                text.lines()
                        .map(String::strip)
                        .filter(l -> l.startsWith("ssh-") || l.startsWith("ecdsa-"))
                        .findFirst()
                        .orElse("");
        var certificate = SshPairs.certificate(line);
        var pair = SshPairs.read(file);
        if (pair.isEmpty()) {
            return refused("no readable private key");
        }
        if (certificate.isEmpty()) {
            return refused("no user certificate");
        }
        if (!SshPairs.isSame(certificate.get().getCertPubKey(), pair.get().getPublic())) {
            return refused("one for another key than the phase has");
        }
        if (!OpenSshCertificate.isValidAt(certificate.get(), clock.instant())) {
            return refused("one that is not valid now");
        }
        return new Certified.Made(file, SshPairs.line(certificate.get()));
    }

    private static Certified refused(String printed) {
        return new Certified.Refused("the command for certificates printed " + printed);
    }
}
