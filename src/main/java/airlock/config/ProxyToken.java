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

/// A token that the host adds to requests of a phase; it never enters a VM.
@Setting.Group(
        title = "repositories[].secrets.tokens[]",
        about =
                "A token for one host: the VM sends plain HTTP to the host machine, which adds the"
                        + " token and speaks TLS.")
public record ProxyToken(
        @Setting(value = "Its name in the store.", type = "secret name", example = "registry")
                String name,
        @Setting(
                        name = "host",
                        value = "The only host that gets it, by TLS; port 443 by default.",
                        example = "registry.example:8443")
                Target target,
        @Setting(
                        value =
                                "A prefix that the path of a request must have, in whole parts:"
                                        + " `/a` does not match `/ab`.",
                        or = "/",
                        pattern =
                                "(?!.*//)(?!.*/\\.{1,2}(/|$))/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,500}",
                        expected = "a path that begins with /, without .., %, ? and #",
                        example = "/api/packages/alice")
                String path,
        @Setting(
                        value = "The header that carries it; a value from the VM is dropped.",
                        or = "Authorization",
                        type = "header",
                        example = "PRIVATE-TOKEN")
                String header,
        @Setting(
                        value = "The header's value with `{}` in place of the token.",
                        or = "Bearer {}",
                        type = "header value",
                        example = "token {}")
                String value,
        @Setting(
                        value = "The allowed methods.",
                        or = "[GET, HEAD]",
                        type = "method",
                        range = "1 to 7",
                        example = "[GET, HEAD, PUT]")
                Set<String> methods,
        @Setting(
                        value =
                                "A file with the CA certificates (PEM) that the host's certificate"
                                        + " must chain to.",
                        without = "those of this machine",
                        example = "secrets/registry-ca.pem")
                Optional<Path> ca,
        @Setting(value = SecretsConfig.PHASES, or = "[post_plan]", type = "phase", range = "1 to 2")
                Set<Phase> phases,
        @Setting(value = SecretsConfig.FETCH, or = "false") boolean fetch)
        implements Setting.Checked {
    /// The placeholder of the token in `value`.
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

    /// Headers that the host sets itself.
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

    public HostName host() {
        return target.host();
    }

    public int port() {
        return target.port();
    }

    /// The target as the network's list has it.
    public String place() {
        return host() + ":" + port();
    }

    public record Target(HostName host, int port) {
        private static final int HTTPS = 443;
        private static final Pattern FORM = Pattern.compile("(.*?)(?::([0-9]{1,5}))?");

        static Target of(String text) {
            var parts = FORM.matcher(text);
            String port = parts.matches() ? parts.group(2) : null;
            return new Target(
                    HostName.of(port == null ? text : parts.group(1)), Addresses.port(port, HTTPS));
        }
    }
}
