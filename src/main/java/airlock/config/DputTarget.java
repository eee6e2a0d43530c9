package airlock.config;

import java.util.Locale;
import java.util.Optional;

/// Where the actions `dput` and `dput2` upload to.
///
/// @param name what dput.cf calls it
/// @param server empty where only the dput.cf on the secrets drive says it
public record DputTarget(String name, Optional<Server> server) {
    /// An upload server.
    ///
    /// @param port 0 for the method's own
    /// @param incoming the directory, or the path of the URL
    /// @param login the user's name; `*` for that of whoever runs dput
    /// @param isUnsigned whether it takes packages that nobody has signed
    public record Server(
            Method method,
            HostName host,
            int port,
            String incoming,
            String login,
            boolean isUnsigned) {
        /// Its port, whoever said it.
        public int actualPort() {
            return port == 0 ? method.port() : port;
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

        /// The port where nothing else is said.
        public int port() {
            return port;
        }

        /// As dput.cf has it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
