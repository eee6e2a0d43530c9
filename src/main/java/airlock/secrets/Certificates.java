package airlock.secrets;

import airlock.base.Json;
import airlock.config.CertificateWay;
import airlock.config.CertificateWay.Signer;
import airlock.program.Ending;
import airlock.program.Program;
import airlock.program.Tail;
import airlock.secrets.SecretStore.RunFacts;
import airlock.text.SafeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import tools.jackson.databind.node.ObjectNode;

/// Makes fresh SSH keys with short-lived user certificates (OpenSSH's PROTOCOL.certkeys).
public record Certificates(SshKeys keys, InstantSource clock) {
    /// The target's clock may be behind by this much.
    private static final Duration SLACK = Duration.ofSeconds(60);

    sealed interface Certified {
        /// A private key file, without a passphrase, and its certificate on one line. Never prints
        /// the key.
        record Made(byte[] privateFile, String certificate) implements Certified {
            @Override
            public String toString() {
                return "Made[***]";
            }
        }

        record Refused(String why) implements Certified {}
    }

    /// Makes a key for one phase of a run. Its certificate's key id is the run, its serial number
    /// is derived from it, and it allows no terminal and no forwarding.
    Certified make(CertificateWay way, RunFacts facts) {
        byte[] file = OpenSsh.privateFile(new Ed25519PrivateKeyParameters(new SecureRandom()));
        KeyPair pair =
                OpenSsh.read(file)
                        .orElseThrow(() -> new SecretsException("a fresh key can't be read"));
        return switch (way.signer()) {
            case Signer.Ca(String name) -> signed(way, facts, name, file, pair);
            case Signer.Command(var argv) -> {
                String question = question(way, facts, OpenSsh.line(pair.getPublic()));
                yield new CertificateCommand(argv).ask(question, text -> checked(text, file));
            }
        };
    }

    private Certified signed(
            CertificateWay way, RunFacts facts, String name, byte[] file, KeyPair pair) {
        Optional<KeyPair> ca = keys.privateFile(facts.repository(), name).flatMap(OpenSsh::read);
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
            return new Certified.Made(file, OpenSsh.line(certificate));
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
        var certificate = OpenSsh.certificate(line);
        var pair = OpenSsh.read(file);
        if (pair.isEmpty()) {
            return refused("no readable private key");
        }
        if (certificate.isEmpty()) {
            return refused("no user certificate");
        }
        if (!OpenSsh.isSame(certificate.get().getCertPubKey(), pair.get().getPublic())) {
            return refused("one for another key than the phase has");
        }
        if (!OpenSshCertificate.isValidAt(certificate.get(), clock.instant())) {
            return refused("one that is not valid now");
        }
        return new Certified.Made(file, OpenSsh.line(certificate.get()));
    }

    private static Certified refused(String printed) {
        return new Certified.Refused("the command for certificates printed " + printed);
    }

    /// The operator's program that signs keys. Its environment is `PATH` alone, and its output is
    /// never logged, since it may be a key.
    record CertificateCommand(List<String> argv, Duration limit) {
        private static final int MOST = 64 * 1024;
        private static final int SHOWN = 300;
        private static final Duration LIMIT = Duration.ofSeconds(30);

        CertificateCommand(List<String> argv) {
            this(argv, LIMIT);
        }

        /// Runs it with `question` on its stdin; `checked` takes its stdout.
        Certified ask(String question, Function<String, Certified> checked) {
            String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin");
            Process process;
            try {
                process = Program.of(argv).withOnly(Map.of("PATH", path)).start();
            } catch (IOException e) {
                return failed("could not be started: " + e.getMessage());
            }
            // keeps at least half of that, and so more than MOST of what is too long
            var output = Tail.reading(process.getInputStream(), 3 * MOST);
            var errors = Tail.reading(process.getErrorStream(), MOST);
            try {
                tell(process, question);
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    return failed("took longer than " + limit.toSeconds() + " s");
                }
                String said = output.textWithin(limit);
                if (said.length() > MOST) {
                    return failed("printed more than %,d bytes".formatted(MOST));
                }
                int code = process.exitValue();
                if (code != 0) {
                    String why = SafeText.line(errors.textWithin(limit), SHOWN);
                    return failed(new Ending(argv.getFirst(), code, "").how() + ": " + why);
                }
                return checked.apply(said);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return failed("was not waited for");
            } finally {
                Program.end(process);
            }
        }

        private static void tell(Process process, String question) {
            try (var to = process.getOutputStream()) {
                to.write(question.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // it may answer without reading the question
            }
        }

        private Certified failed(String why) {
            return new Certified.Refused("the command for certificates, " + argv.getFirst() + ", " + why);
        }
    }
}
