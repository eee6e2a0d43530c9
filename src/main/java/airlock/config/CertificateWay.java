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

/// A fresh SSH key for each phase of a listed run, with a short-lived user certificate.
@Setting.Group(
        title = "repositories[].secrets.certificate",
        about =
                "A fresh Ed25519 key as `/ci/secrets/ssh_key` with a short-lived certificate,"
                        + " signed by either `ca` or `command`.")
public record CertificateWay(
        @Setting(value = SecretsConfig.PHASES, or = "[post_plan]", type = "phase", range = "1 to 2")
                Set<Phase> phases,
        @Setting(
                        value = "The users at the target that it is valid for.",
                        pattern = SecretsConfig.USER,
                        expected = SecretsConfig.USER_IS,
                        range = "1 to 100",
                        example = "[www-data]")
                List<String> principals,
        @Setting(value = "Its validity from the phase's start.", or = "10m", range = "1m to 1d")
                Duration life,
        @Setting(name = "options", value = "Restrictions of the certificate.", or = "{}")
                Restriction restriction,
        @Setting(
                        value =
                                "The key that signs it (`airlock secret new REPOSITORY NAME --for"
                                        + " ca:USER`); put its public half into"
                                        + " `TrustedUserCAKeys` of the targets.",
                        without = "`command` must be there",
                        type = "secret name",
                        example = "ca")
                Optional<String> ca,
        @Setting(
                        value =
                                "A program that signs it: it gets a public key and the run's facts"
                                        + " as JSON, and prints a certificate, or its own private"
                                        + " key and certificate ([Secrets](secrets.md)).",
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
                        _ -> values.place("command").error("the program's path must be absolute"));
    }

    public Signer signer() {
        return command.<Signer>map(Signer.Command::new)
                .orElseGet(() -> new Signer.Ca(ca.orElse("")));
    }

    @Setting.Group(
            title = "repositories[].secrets.certificate.options",
            about =
                    "Critical options of the certificate: sshd enforces each or refuses the"
                            + " certificate.")
    public record Restriction(
            @Setting(
                            name = "force-command",
                            value = "The only command that the target runs.",
                            without = "what the client asks for",
                            pattern = LINE,
                            expected = LINE_IS,
                            example = "rrsync -wo /srv/www")
                    Optional<String> forceCommand,
            @Setting(
                            name = "source-address",
                            value = "The client addresses that may use it, in sshd's syntax.",
                            without = "any",
                            pattern = LINE,
                            expected = LINE_IS,
                            example = "192.0.2.7/32")
                    Optional<String> sourceAddress) {
        public Map<String, String> options() {
            var options = new TreeMap<String, String>();
            forceCommand.ifPresent(text -> options.put("force-command", text));
            sourceAddress.ifPresent(text -> options.put("source-address", text));
            return options;
        }
    }

    public sealed interface Signer {
        record Ca(String key) implements Signer {}

        record Command(List<String> argv) implements Signer {
            public Command {
                argv = List.copyOf(argv);
            }
        }
    }
}
