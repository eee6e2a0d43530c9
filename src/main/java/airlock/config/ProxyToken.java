package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Scalars;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A token that the host adds to requests of a phase, and that never enters a VM.
@Setting.Group(
        title = "repositories[].secrets.tokens[]",
        about =
                "A token for one host: the VM asks the host of the machine in plain HTTP, and that"
                        + " adds the token and speaks TLS.")
public record ProxyToken(
        @Setting(
                        value = "Its name in the store (`airlock secret set`).",
                        type = "secret name",
                        example = "registry")
                String name,
        @Setting(
                        name = "host",
                        value = "The only host that gets it, by TLS; port 443 where none is named.",
                        example = "registry.example:8443")
                Target target,
        @Setting(
                        value =
                                "What the path of a request must begin with; a whole part of it, so"
                                        + " `/a` is not the beginning of `/ab`.",
                        or = "/",
                        pattern =
                                "(?!.*//)(?!.*/\\.{1,2}(/|$))/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,500}",
                        expected = "a path that begins with /, without .., %, ? and #",
                        example = "/api/packages/alice")
                String path,
        @Setting(
                        value = "The header that carries it; what the VM says there is left out.",
                        or = "Authorization",
                        type = "header",
                        example = "PRIVATE-TOKEN")
                String header,
        @Setting(
                        value = "The header's value; `{}` stands for the token.",
                        or = "Bearer {}",
                        type = "header value",
                        example = "token {}")
                String value,
        @Setting(
                        value = "Which requests are made.",
                        or = "[GET, HEAD]",
                        type = "method",
                        range = "1 to 7",
                        example = "[GET, HEAD, PUT]")
                Set<String> methods,
        @Setting(
                        value = "A file with the certificates (PEM) that the host's must lead to.",
                        without = "those of this machine",
                        example = "secrets/registry-ca.pem")
                Optional<Path> ca,
        @Setting(
                        value = SecretsConfig.PHASES,
                        or = "[post_plan]",
                        type = "phase",
                        range = "1 to 2",
                        example = "[pre_plan, post_plan]")
                Set<Phase> phases,
        @Setting(value = SecretsConfig.FETCH, or = "false", example = "true") boolean fetch)
        implements Setting.Checked {
    /// Where the token stands in `value`.
    public static final String HERE = "{}";

    static final Type<Target> TARGET = Scalars.TEXT.as("a host, or HOST:PORT", Target::of);
    static final Type<String> HEADER =
            Scalars.matching("the name of a header", ProxyToken::isHeader);
    static final Type<String> HEADER_VALUE =
            Scalars.matching(
                    "a line of printable ASCII with `{}` once",
                    text ->
                            text.matches("[\\x20-\\x7e]{2,500}")
                                    && text.indexOf(HERE) >= 0
                                    && text.indexOf(HERE) == text.lastIndexOf(HERE));
    static final Type<String> METHOD =
            Scalars.choice(
                    List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
                    word -> word);

    /// RFC 9110, 5.6.2.
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");

    /// What the host itself says in a request.
    private static final Set<String> OURS =
            Set.of(
                    "host",
                    "connection",
                    "content-length",
                    "transfer-encoding",
                    "te",
                    "trailer",
                    "upgrade",
                    "expect",
                    "proxy-authorization",
                    "proxy-connection",
                    "keep-alive");

    public ProxyToken {
        methods = Set.copyOf(methods);
        phases = Set.copyOf(phases);
    }

    private static boolean isHeader(String text) {
        return HEADER_NAME.matcher(text).matches() && !OURS.contains(text.toLowerCase(Locale.ROOT));
    }

    @Override
    public void check(Values values) {
        ca.filter(path -> !Files.isRegularFile(path))
                .ifPresent(path -> values.place("ca").error("no file " + path));
    }

    /// The only host that gets it.
    public HostName host() {
        return target.host();
    }

    /// The port there.
    public int port() {
        return target.port();
    }

    /// Where it is sent, as the network's list has it.
    public String place() {
        return host() + ":" + port();
    }

    /// A host and its port.
    public record Target(HostName host, int port) {
        private static final int HTTPS = 443;
        private static final Pattern FORM = Pattern.compile("(.*?)(?::([0-9]{1,5}))?");

        static Target of(String text) {
            var parts = FORM.matcher(text);
            String port = parts.matches() ? parts.group(2) : null;
            int number = port == null ? HTTPS : Integer.parseInt(port);
            if (number < 1 || number > 65_535) {
                throw new IllegalArgumentException("no port: " + number);
            }
            return new Target(HostName.of(port == null ? text : parts.group(1)), number);
        }
    }
}
