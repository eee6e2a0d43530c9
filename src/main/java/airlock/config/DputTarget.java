package airlock.config;

import airlock.yaml.Compounds;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import java.util.Locale;
import java.util.Optional;

/// The target of the actions `dput` and `dput2`.
///
/// @param name in dput.cf
/// @param server empty if only the dput.cf on the secrets drive has it
public record DputTarget(String name, Optional<Server> server) {
    @Setting.Group(
            title = "repositories[].targets.dput",
            about =
                    "An upload server. A `dput.cf` on the secrets drive takes precedence over these"
                            + " keys.")
    public record Server(
            @Setting(value = "Its name in `dput.cf`.", type = "dput name") String name,
            @Setting("The server.") HostName host,
            @Setting(value = "The upload method.", or = "scp") Method method,
            @Setting(
                            value =
                                    "Its port; with `https` and `http`, another than the usual one"
                                            + " needs dput-ng.",
                            without = "the method's: 22, 443 or 80",
                            range = "1 to 65535")
                    Optional<Integer> port,
            @Setting(
                            value = "The directory for uploads, or the path of the URL.",
                            pattern = "[^\\s%-][^\\s%]*",
                            expected = "a path without blanks",
                            example = "/srv/incoming")
                    String incoming,
            @Setting(
                            value = "The user there; with `*`, ssh decides.",
                            or = "\"*\"",
                            pattern = "\\*|[A-Za-z0-9_][\\w.-]*",
                            expected = "a user's name, or *")
                    String login,
            @Setting(value = "Whether to upload unsigned packages.", or = "true", name = "unsigned")
                    boolean isUnsigned) {
        public int actualPort() {
            return port.orElse(method.port());
        }
    }

    /// An upload method. Others of dput's need connections to unknown places (`ftp`) or another
    /// program (`rsync`).
    public enum Method {
        SCP(22),
        HTTPS(443),
        HTTP(80);

        private final int port;

        Method(int port) {
            this.port = port;
        }

        public int port() {
            return port;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Type<String> NAME =
            Scalars.matching("a word", text -> text.matches("[A-Za-z0-9][A-Za-z0-9_.-]*"));

    static Type<DputTarget> type(Section<Server> server) {
        return Compounds.mappingOr(
                server.map(known -> new DputTarget(known.name(), Optional.of(known))),
                NAME.map(known -> new DputTarget(known, Optional.empty())),
                "a name, or a mapping with the keys " + String.join(", ", server.names()));
    }
}
