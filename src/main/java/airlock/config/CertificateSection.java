package airlock.config;

import airlock.config.CertificateWay.Signer;
import airlock.event.Phase;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A fresh key for each phase, with a user certificate.
final class CertificateSection {
    private static final int MOST = 100;
    private static final Key<List<Phase>> PHASES = SecretsSection.phases();
    private static final Key<List<String>> PRINCIPALS =
            Key.required(
                            "principals",
                            Compounds.list(AgentKeySection.user(), 1, MOST),
                            "The users at the target that it is good for.")
                    .example("[www-data]");
    private static final Key<Duration> LIFE =
            Key.or(
                            "life",
                            Scalars.duration(Duration.ofMinutes(1), Duration.ofDays(1)),
                            Duration.ofMinutes(10),
                            "10m",
                            "How long it is good from the phase's start on.")
                    .example("10m");
    private static final Key<String> FORCE_COMMAND =
            Key.free(
                            "force-command",
                            line(),
                            "what the client asks for",
                            "The only command that the target runs with it.")
                    .example("rrsync -wo /srv/www");
    private static final Key<String> SOURCE_ADDRESS =
            Key.free(
                            "source-address",
                            line(),
                            "any",
                            "The addresses that it may be used from, as sshd wants them.")
                    .example("192.0.2.7/32");
    private static final Key<Map<String, String>> OPTIONS =
            Key.or(
                    "options",
                    new Section<>(
                            "repositories[].secrets.certificate.options",
                            "Critical options of the certificate: sshd holds to each or refuses"
                                    + " it.",
                            List.of(FORCE_COMMAND, SOURCE_ADDRESS),
                            CertificateSection::options),
                    Map.of(),
                    "{}",
                    "What the certificate is restricted to.");
    private static final Key<String> CA =
            Key.free(
                            "ca",
                            SecretsSection.name(SecretName::isWord, SecretName.WORD_IS),
                            "`command` must be there",
                            "The key that signs it (`airlock secret new REPOSITORY NAME --for"
                                    + " ca:USER`); targets name its public half in"
                                    + " `TrustedUserCAKeys`.")
                    .example("ca");
    private static final Key<List<String>> COMMAND =
            Key.free(
                            "command",
                            Compounds.list(line(), 1, MOST),
                            "`ca` must be there",
                            "A program of yours that signs it: it gets a public key and the run's"
                                    + " facts as JSON and prints a certificate, or a private key of"
                                    + " its own with its certificate ([Secrets](secrets.md)).")
                    .example("[/usr/local/bin/sign-for-ci]");

    private CertificateSection() {}

    static Section<CertificateWay> section() {
        return new Section<>(
                "repositories[].secrets.certificate",
                "A fresh Ed25519 key as `/ci/secrets/ssh_key`, with a certificate beside it that is"
                        + " good for a short time; signed by either `ca` or `command`.",
                List.of(PHASES, PRINCIPALS, LIFE, OPTIONS, CA, COMMAND),
                CertificateSection::make);
    }

    private static Type<String> line() {
        return SecretsSection.name(
                text -> text.matches("[\\x20-\\x7e]{1,1000}"),
                "a line of printable ASCII, at most 1,000 characters");
    }

    private static Map<String, String> options(Values values) {
        var options = new TreeMap<String, String>();
        values.find(FORCE_COMMAND).ifPresent(text -> options.put(FORCE_COMMAND.name(), text));
        values.find(SOURCE_ADDRESS).ifPresent(text -> options.put(SOURCE_ADDRESS.name(), text));
        return options;
    }

    private static CertificateWay make(Values values) {
        Optional<String> key = values.find(CA);
        Optional<List<String>> argv = values.find(COMMAND);
        if (key.isPresent() == argv.isPresent()) {
            values.place().error("one of ca and command must be there, and not both");
        }
        argv.map(List::getFirst)
                .filter(program -> !program.startsWith("/"))
                .ifPresent(
                        program ->
                                values.place(COMMAND)
                                        .error("the program's path must begin with /"));
        return new CertificateWay(
                Set.copyOf(values.get(PHASES)),
                values.get(PRINCIPALS),
                values.get(LIFE),
                values.get(OPTIONS),
                argv.<Signer>map(Signer.Command::new)
                        .orElseGet(() -> new Signer.Ca(key.orElse(""))));
    }
}
