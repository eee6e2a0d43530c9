package airlock.secrets;

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

/// Makes fresh SSH keys with user certificates that are good for a short time (OpenSSH's
/// PROTOCOL.certkeys).
///
/// **Threads**: any.
public final class Certificates {
    /// The target's clock may be behind by this much.
    private static final Duration SLACK = Duration.ofSeconds(60);

    private final SshKeys keys;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public Certificates(SshKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /// A key for one phase of a run. Its certificate's key id is the run, its serial number stands
    /// for the run, and it allows nothing but what its principals may: no terminal, no forwarding.
    public Certified make(CertificateWay way, RunFacts facts) {
        byte[] file = OpenSsh.privateFile(new Ed25519PrivateKeyParameters(random));
        KeyPair pair =
                SshPairs.read(file)
                        .orElseThrow(() -> new SecretsException("a fresh key can't be read"));
        return switch (way.signer()) {
            case Signer.Ca(String name) -> signed(way, facts, name, file, pair);
            case Signer.Command(var argv) -> {
                String question =
                        CertificateQuestion.json(way, facts, SshPairs.line(pair.getPublic()));
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
        } catch (Exception e) { // the library's own signature
            throw new SecretsException("signing a certificate with '" + name + "' failed", e);
        }
    }

    /// What a command printed: a certificate for our key, or a key of its own with its certificate.
    private Certified checked(String text, byte[] ours) {
        int end = text.indexOf(OpenSsh.END);
        int begin = text.indexOf(OpenSsh.BEGIN);
        boolean hasKey = begin >= 0 && end > begin;
        byte[] file =
                hasKey
                        ? (text.substring(begin, end + OpenSsh.END.length()) + "\n")
                                .getBytes(StandardCharsets.US_ASCII)
                        : ours;
        String line =
                text.lines()
                        .map(String::strip)
                        .filter(l -> l.startsWith("ssh-") || l.startsWith("ecdsa-"))
                        .findFirst()
                        .orElse("");
        var certificate = SshPairs.certificate(line);
        var pair = SshPairs.read(file);
        if (certificate.isEmpty() || pair.isEmpty()) {
            return new Certified.Refused(
                    "the command for certificates printed no "
                            + (pair.isEmpty() ? "readable private key" : "user certificate"));
        }
        if (!SshPairs.isSame(certificate.get().getCertPubKey(), pair.get().getPublic())) {
            return new Certified.Refused(
                    "the command for certificates printed one for another key than the phase has");
        }
        if (!OpenSshCertificate.isValidAt(certificate.get(), clock.instant())) {
            return new Certified.Refused(
                    "the command for certificates printed one that is not good now");
        }
        return new Certified.Made(file, SshPairs.line(certificate.get()));
    }
}
