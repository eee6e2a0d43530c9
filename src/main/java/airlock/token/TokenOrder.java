package airlock.token;

import airlock.config.HostName;
import airlock.event.Secret;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// One token and all that it may be used for.
///
/// @param name of the token: lower case letters, digits and hyphens
/// @param origin the server that it belongs to
/// @param pathPrefix below which everything asked for has to be: `/`, `/api/`, or `/api` for itself
///     and all below it
/// @param methods in capitals; never TRACE or CONNECT
public record TokenOrder(
        String name,
        Origin origin,
        String pathPrefix,
        Credential credential,
        Set<String> methods,
        TokenLimits limits) {
    /// What a client may do that is not told otherwise.
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
        check(NAME.matcher(name).matches(), "the token's name " + name + " is no name");
        new PathRule(pathPrefix);
        for (String method : methods) {
            check(
                    METHOD.matcher(method).matches() && !NEVER.contains(method),
                    "the method " + method + " is none that a token can be used for");
        }
    }

    /// The server, and how it is reached.
    ///
    /// @param addresses checked ones: nothing else is connected to, whatever the name means; empty
    ///     where an upstream proxy looks the name up
    /// @param way to it; empty for one that needs no proxy
    /// @param authorities certificates in PEM that may vouch for it beside the system's; often
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

    /// The upstream proxy through which the server is reached.
    ///
    /// @param authorization the value of `Proxy-Authorization`; empty where it takes none
    public record Way(InetAddress address, int port, Optional<Secret> authorization) {}

    /// The header that makes a request the token's.
    ///
    /// @param header its name, such as `Authorization`
    /// @param value all of it, such as `Bearer …`: printable ASCII, with at least
    ///     [TokenForms#SHORTEST] characters that are secret
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

    /// The same by another way.
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

    /// Where its process connects to first.
    ///
    /// @throws IllegalArgumentException where there is nothing to connect to
    InetAddress first() {
        return origin.way()
                .map(Way::address)
                .or(() -> origin.addresses().stream().findFirst())
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "the host " + origin.host() + " has no address"));
    }

    /// The name by which programs in the VM ask for it.
    public String localHost() {
        return name + LOCAL;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
