package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A fresh SSH key for each phase of a listed run, with a user certificate that is good for a short
/// time.
@Setting.Group(
        title = "repositories[].secrets.certificate",
        about =
                "A fresh Ed25519 key as `/ci/secrets/ssh_key`, with a certificate beside it that is"
                        + " good for a short time; signed by either `ca` or `command`.")
public record CertificateWay(
        @Setting(
                        value = SecretsConfig.PHASES,
                        or = "[post_plan]",
                        type = "phase",
                        range = "1 to 2",
                        example = "[pre_plan, post_plan]")
                Set<Phase> phases,
        @Setting(
                        value = "The users at the target that it is good for.",
                        pattern = SecretsConfig.USER,
                        expected = SecretsConfig.USER_IS,
                        range = "1 to 100",
                        example = "[www-data]")
                List<String> principals,
        @Setting(
                        value = "How long it is good from the phase's start on.",
                        or = "10m",
                        range = "1m to 1d")
                Duration life,
        @Setting(name = "options", value = "What the certificate is restricted to.", or = "{}")
                Restriction restriction,
        @Setting(
                        value =
                                "The key that signs it (`airlock secret new REPOSITORY NAME --for"
                                        + " ca:USER`); targets name its public half in"
                                        + " `TrustedUserCAKeys`.",
                        without = "`command` must be there",
                        type = "secret name",
                        example = "ca")
                Optional<String> ca,
        @Setting(
                        value =
                                "A program of yours that signs it: it gets a public key and the"
                                        + " run's facts as JSON and prints a certificate, or a private"
                                        + " key of its own with its certificate"
                                        + " ([Secrets](secrets.md)).",
                        without = "`ca` must be there",
                        pattern = LINE,
                        expected = LINE_IS,
                        range = "1 to 100",
                        example = "[/usr/local/bin/sign-for-ci]")
                Optional<List<String>> command)
        implements Setting.Checked {
    static final String LINE = "[\\x20-\\x7e]{1,1000}";
    static final String LINE_IS = "a line of printable ASCII, at most 1,000 characters";

    @Override
    public void check(Values values) {
        if (ca.isPresent() == command.isPresent()) {
            values.place().error("one of ca and command must be there, and not both");
        }
        command.map(List::getFirst)
                .filter(program -> !program.startsWith("/"))
                .ifPresent(
                        _ -> values.place("command").error("the program's path must begin with /"));
    }

    /// Who signs it.
    public Signer signer() {
        return command.<Signer>map(Signer.Command::new)
                .orElseGet(() -> new Signer.Ca(ca.orElse("")));
    }

    /// Critical options of the certificate.
    @Setting.Group(
            title = "repositories[].secrets.certificate.options",
            about = "Critical options of the certificate: sshd holds to each or refuses it.")
    public record Restriction(
            @Setting(
                            name = "force-command",
                            value = "The only command that the target runs with it.",
                            without = "what the client asks for",
                            pattern = LINE,
                            expected = LINE_IS,
                            example = "rrsync -wo /srv/www")
                    Optional<String> forceCommand,
            @Setting(
                            name = "source-address",
                            value = "The addresses that it may be used from, as sshd wants them.",
                            without = "any",
                            pattern = LINE,
                            expected = LINE_IS,
                            example = "192.0.2.7/32")
                    Optional<String> sourceAddress) {
        /// By their names.
        public Map<String, String> options() {
            var options = new TreeMap<String, String>();
            forceCommand.ifPresent(text -> options.put("force-command", text));
            sourceAddress.ifPresent(text -> options.put("source-address", text));
            return options;
        }
    }

    /// Who signs it.
    public sealed interface Signer {
        /// A key of the store.
        record Ca(String key) implements Signer {}

        /// A program of the operator's.
        record Command(List<String> argv) implements Signer {
            public Command {
                argv = List.copyOf(argv);
            }
        }
    }
}
