package airlock.config;

import airlock.event.Secret;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Values;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// The proxy behind which the operator's network ends.
final class UpstreamSection {
    private static final int HTTP = 80;
    private static final Key<URI> URL =
            Key.required(
                            "url",
                            Addresses.proxy(),
                            "Where it is. It is asked by `CONNECT`, in plain HTTP.")
                    .example("http://proxy.example.org:3128");
    private static final Key<String> USER =
            Key.or("user", Scalars.TEXT, "", "\"\"", "The user that it knows Airlock as.")
                    .example("airlock");
    private static final Key<Boolean> RESOLVES =
            Key.or(
                            "resolves",
                            Scalars.FLAG,
                            false,
                            "false",
                            "Whether it looks names up itself. `false`: it is asked for the address"
                                    + " that Airlock has looked up and checked. `true`: it is asked"
                                    + " for the names of listed places, nobody checks their"
                                    + " addresses, and each run says so.")
                    .example("true");

    private final Key<Secret> password;

    UpstreamSection(Surroundings surroundings) {
        password =
                Key.free(
                                "password",
                                new SecretType(
                                        surroundings,
                                        "put the proxy's password into PATH and `chmod 600 PATH`",
                                        false),
                                "no authentication",
                                "The password of `user` (HTTP basic authentication).")
                        .example("{file: secrets/proxy-password}");
    }

    Section<Optional<UpstreamProxy>> section() {
        return new Section<>(
                "upstream_proxy",
                "The HTTP proxy through which virtual machines of trusted phases connect, where"
                        + " this machine can't do so by itself. Places with an address of their own"
                        + " that is not public are connected to without it"
                        + " ([Network](network.md#behind-a-proxy)).",
                List.of(URL, USER, password, RESOLVES),
                this::make);
    }

    private Optional<UpstreamProxy> make(Values values) {
        String user = values.get(USER);
        if (user.isEmpty() == values.find(password).isPresent()) {
            values.place().error("user and password belong together: one of them is missing");
        }
        if (user.contains(":") || user.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            values.place(USER).error("a user's name has no colon and no control characters");
        }
        URI url = values.get(URL);
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        return Optional.of(
                new UpstreamProxy(
                        host,
                        url.getPort() < 0 ? HTTP : url.getPort(),
                        user,
                        values.find(password),
                        values.get(RESOLVES)));
    }
}
