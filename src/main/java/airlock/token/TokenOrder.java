package airlock.token;

import airlock.config.HostName;
import airlock.event.Secret;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A token and its permitted use.
///
/// @param name of the token: lower case letters, digits and hyphens
/// @param origin the server that it belongs to
/// @param pathPrefix of all requests: `/`, `/api/`, or `/api` for itself and all below it
/// @param methods in capitals; never TRACE or CONNECT
public record TokenOrder(
        String name,
        Origin origin,
        String pathPrefix,
        Credential credential,
        Set<String> methods,
        TokenLimits limits) {
    public static final Set<String> READING = Set.of("GET", "HEAD");

    private static final String LOCAL = ".token.internal";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,32}");
    private static final Set<String> NEVER = Set.of("TRACE", "CONNECT");
    private static final int LONGEST_VALUE = 8 << 10;

    public TokenOrder {
        methods = Set.copyOf(methods);
        check(NAME.matcher(name).matches(), "the token's name " + name + " is not valid");
        new PathRule(pathPrefix);
        for (String method : methods) {
            check(
                    METHOD.matcher(method).matches() && !NEVER.contains(method),
                    "a token can't be used with the method " + method);
        }
    }

    /// The server, and how to reach it.
    ///
    /// @param addresses checked ones, the only ones to connect to; empty if an upstream proxy looks
    ///     the name up
    /// @param way empty for a direct connection
    /// @param authorities certificates in PEM that may vouch for it beside the system's; may be
    ///     empty
    public record Origin(
            HostName host,
            int port,
            List<InetAddress> addresses,
            Optional<Way> way,
            String authorities) {
        public Origin {
            addresses = List.copyOf(addresses);
        }
    }

    /// The upstream proxy on the way to the server, with its `Proxy-Authorization`, if it takes
    /// one.
    public record Way(InetAddress address, int port, Optional<Secret> authorization) {}

    /// The header that carries the token.
    ///
    /// @param header its name, such as `Authorization`
    /// @param value all of it, such as `Bearer …`: printable ASCII, with at least
    ///     [TokenForms#SHORTEST] secret characters
    public record Credential(String header, Secret value) {
        public Credential {
            check(
                    HEADER.matcher(header).matches() && HeaderRule.mayBeAdded(header),
                    "a token can't be sent in a header " + header);
            String text = value.reveal();
            check(
                    VALUE.matcher(text).matches() && text.length() <= LONGEST_VALUE,
                    "the value of the header %s has other characters than printable ASCII, or more than %,d"
                            .formatted(header, LONGEST_VALUE));
            check(
                    !TokenForms.of(value).isEmpty(),
                    "the token in the header %s is shorter than %d characters, so answers can't be searched for it"
                            .formatted(header, TokenForms.SHORTEST));
        }
    }

    /// Limits of a token's requests.
    ///
    /// @param connect for a connection to each of the host's addresses
    /// @param silence how long the host or the client may keep the other waiting
    /// @param requests at the same time
    public record TokenLimits(Duration connect, Duration silence, int requests) {
        public static final TokenLimits STANDARD =
                new TokenLimits(Duration.ofSeconds(15), Duration.ofSeconds(60), 32);
    }

    public TokenOrder by(Way way) {
        var there =
                new Origin(
                        origin.host(),
                        origin.port(),
                        origin.addresses(),
                        Optional.of(way),
                        origin.authorities());
        return new TokenOrder(name, there, pathPrefix, credential, methods, limits);
    }

    /// The address to connect to first; throws if there is none.
    InetAddress first() {
        return origin.way()
                .map(Way::address)
                .or(() -> origin.addresses().stream().findFirst())
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "the host " + origin.host() + " has no address"));
    }

    /// The host name under which programs in the VM reach it.
    public String localHost() {
        return name + LOCAL;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
