package airlock.config;

import airlock.yaml.Compounds;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import java.util.Locale;
import java.util.Optional;

/// Where the actions `dput` and `dput2` upload to.
///
/// @param name what dput.cf calls it
/// @param server empty if only the dput.cf on the secrets drive says it
public record DputTarget(String name, Optional<Server> server) {
    /// An upload server.
    @Setting.Group(
            title = "repositories[].targets.dput",
            about =
                    "An upload server. A `dput.cf` on the secrets drive takes precedence over these"
                            + " keys.")
    public record Server(
            @Setting(value = "What `dput.cf` calls it.", type = "dput name") String name,
            @Setting("The server.") HostName host,
            @Setting(value = "How files go there.", or = "scp") Method method,
            @Setting(
                            value = "Its port; by `https` and `http` only dput-ng takes another.",
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
                            value = "The user there; `*`: ssh decides.",
                            or = "\"*\"",
                            pattern = "\\*|[A-Za-z0-9_][\\w.-]*",
                            expected = "a user's name, or *")
                    String login,
            @Setting(
                            value =
                                    "Whether packages are uploaded that no one has signed, as those"
                                            + " of `deb` are.",
                            or = "true",
                            name = "unsigned")
                    boolean isUnsigned) {
        /// Its port, named or not.
        public int actualPort() {
            return port.orElse(method.port());
        }
    }

    /// How files go there. That of dput's that are not here need more than one connection to known
    /// places (`ftp`) or another program (`rsync`).
    public enum Method {
        SCP(22),
        HTTPS(443),
        HTTP(80);

        private final int port;

        Method(int port) {
            this.port = port;
        }

        /// The port unless another is said.
        public int port() {
            return port;
        }

        /// As dput.cf has it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Type<String> NAME =
            Scalars.matching("a word", text -> text.matches("[A-Za-z0-9][A-Za-z0-9_.-]*"));

    /// A name alone, or a server with its name.
    static Type<DputTarget> type(Section<Server> server) {
        return Compounds.mappingOr(
                server.map(known -> new DputTarget(known.name(), Optional.of(known))),
                NAME.map(known -> new DputTarget(known, Optional.empty())),
                "a name, or a mapping with the keys " + String.join(", ", server.names()));
    }
}
