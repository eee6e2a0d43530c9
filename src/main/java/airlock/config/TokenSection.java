package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A token that the host adds to requests.
final class TokenSection {
    private static final int HTTPS = 443;
    private static final Pattern PLACE = Pattern.compile("(.*?)(?::([0-9]{1,5}))?");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,500}");

    /// RFC 9110, 5.6.2.
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");

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

    private static final Key<String> NAME =
            Key.required(
                            "name",
                            SecretsSection.name(SecretName::isWord, SecretName.WORD_IS),
                            "Its name in the store (`airlock secret set`).")
                    .example("registry");
    private static final Key<Target> HOST =
            Key.required(
                            "host",
                            target(),
                            "The only host that gets it, by TLS; port 443 where none is named.")
                    .example("registry.example:8443");
    private static final Key<String> PATH_BEGINS =
            Key.or(
                            "path",
                            path(),
                            "/",
                            "/",
                            "What the path of a request must begin with; a whole part of it, so"
                                    + " `/a` is not the beginning of `/ab`.")
                    .example("/api/packages/alice");
    private static final Key<String> HEADER_NAME =
            Key.or(
                            "header",
                            SecretsSection.name(TokenSection::isHeader, "the name of a header"),
                            "Authorization",
                            "Authorization",
                            "The header that carries it; what the VM says there is left out.")
                    .example("PRIVATE-TOKEN");
    private static final Key<String> VALUE =
            Key.or(
                            "value",
                            SecretsSection.name(
                                    TokenSection::isTemplate,
                                    "a line of printable ASCII with `{}` once"),
                            "Bearer {}",
                            "Bearer {}",
                            "The header's value; `{}` stands for the token.")
                    .example("token {}");
    private static final Key<List<String>> METHODS =
            Key.or(
                            "methods",
                            Compounds.list(method(), 1, 7),
                            List.of("GET", "HEAD"),
                            "[GET, HEAD]",
                            "Which requests are made.")
                    .example("[GET, HEAD, PUT]");
    private static final Key<List<Phase>> PHASES = SecretsSection.phases();
    private static final Key<Boolean> FETCH = SecretsSection.fetch();

    private final Key<Path> ca;

    private record Target(HostName host, int port) {}

    TokenSection(Surroundings surroundings) {
        ca =
                Key.free(
                                "ca",
                                Paths.in(surroundings),
                                "those of this machine",
                                "A file with the certificates (PEM) that the host's must lead to.")
                        .example("secrets/registry-ca.pem");
    }

    Section<ProxyToken> section() {
        return new Section<>(
                "repositories[].secrets.tokens[]",
                "A token for one host: the VM asks the host of the machine in plain HTTP, and that"
                        + " adds the token and speaks TLS.",
                List.of(NAME, HOST, PATH_BEGINS, HEADER_NAME, VALUE, METHODS, ca, PHASES, FETCH),
                this::make);
    }

    private ProxyToken make(Values values) {
        Optional<Path> file = values.find(ca);
        file.filter(path -> !Files.isRegularFile(path))
                .ifPresent(path -> values.place(ca).error("no file " + path));
        return new ProxyToken(
                values.get(NAME),
                values.get(HOST).host(),
                values.get(HOST).port(),
                values.get(PATH_BEGINS),
                values.get(HEADER_NAME),
                values.get(VALUE),
                Set.copyOf(values.get(METHODS)),
                file,
                Set.copyOf(values.get(PHASES)),
                values.get(FETCH));
    }

    private static Type<Target> target() {
        return Scalars.TEXT.as(
                "a host, or HOST:PORT",
                text -> {
                    var parts = PLACE.matcher(text);
                    String port = parts.matches() ? parts.group(2) : null;
                    int number = port == null ? HTTPS : Integer.parseInt(port);
                    if (number < 1 || number > 65_535) {
                        throw new IllegalArgumentException("no port: " + number);
                    }
                    String name = port == null ? text : parts.group(1);
                    return switch (HostName.read(name)) {
                        case HostName.Reading.Named(var host) -> new Target(host, number);
                        case HostName.Reading.Refused(var why) ->
                                throw new IllegalArgumentException("no host's name: it " + why);
                    };
                });
    }

    private static Type<String> path() {
        return SecretsSection.name(
                text ->
                        PATH.matcher(text).matches()
                                && !(text + "/").contains("/../")
                                && !(text + "/").contains("/./")
                                && !text.contains("//"),
                "a path that begins with /, without .., %, ? and #");
    }

    private static boolean isHeader(String text) {
        return HEADER.matcher(text).matches() && !OURS.contains(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isTemplate(String text) {
        return text.matches("[\\x20-\\x7e]{2,500}")
                && text.indexOf(ProxyToken.HERE) >= 0
                && text.indexOf(ProxyToken.HERE) == text.lastIndexOf(ProxyToken.HERE);
    }

    private static Type<String> method() {
        var words = new LinkedHashMap<String, String>();
        for (String word : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
            words.put(word, word);
        }
        return Scalars.choice(words);
    }
}
