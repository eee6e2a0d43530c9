package airlock.config;

import airlock.event.Secret;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The HTTP proxy through which the connections of trusted VMs leave the operator's network.
@Setting.Group(
        title = "upstream_proxy",
        about =
                "The HTTP proxy through which virtual machines of trusted phases connect, where"
                        + " this machine can't do so by itself. Places with an address of their own"
                        + " that is not public are connected to without it"
                        + " ([Network](network.md#behind-a-proxy)).")
public record UpstreamProxy(
        @Setting(
                        value = "Where it is. It is asked by `CONNECT`, in plain HTTP.",
                        type = "proxy",
                        example = "http://proxy.example.org:3128")
                URI url,
        @Setting(value = "The user that it knows Airlock as.", or = "\"\"", example = "airlock")
                String user,
        @Setting(
                        value = "The password of `user` (HTTP basic authentication).",
                        without = "no authentication",
                        type = "secret",
                        cure = "put the proxy's password into PATH and `chmod 600 PATH`",
                        example = "{file: secrets/proxy-password}")
                Optional<Secret> password,
        @Setting(
                        value =
                                "Whether it looks names up itself. `false`: it is asked for the"
                                        + " address that Airlock has looked up and checked. `true`: it"
                                        + " is asked for the names of listed places, their addresses"
                                        + " are not checked, and each run says so.",
                        or = "false",
                        example = "true")
                boolean resolves)
        implements Setting.Checked {
    private static final int HTTP = 80;

    @Override
    public void check(Values values) {
        if (user.isEmpty() == password.isPresent()) {
            values.place().error("user and password belong together: one of them is missing");
        }
        if (user.contains(":") || user.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            values.place("user").error("a user's name has no colon and no control characters");
        }
    }

    /// A name or an address, IPv6 without brackets.
    public String host() {
        return url.getHost().replaceAll("[\\[\\]]", "");
    }

    /// Its port, named or not.
    public int port() {
        return url.getPort() < 0 ? HTTP : url.getPort();
    }

    /// The value of `Proxy-Authorization` (RFC 7617), if the proxy takes one. It is a secret.
    public Optional<String> authorization() {
        return password.map(
                secret ->
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                (user + ":" + secret.reveal())
                                                        .getBytes(StandardCharsets.UTF_8)));
    }

    /// Where it is, for people.
    @Override
    public String toString() {
        return (host().contains(":") ? "[" + host() + "]" : host()) + ":" + port();
    }
}
