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
                "The HTTP proxy that virtual machines of trusted phases connect through, if this"
                        + " machine has no direct access. Places with a private address of their"
                        + " own are connected to directly ([Network](network.md#behind-a-proxy)).")
public record UpstreamProxy(
        @Setting(
                        value = "Its address. It must accept `CONNECT` in plain HTTP.",
                        type = "proxy",
                        example = "http://proxy.example.org:3128")
                URI url,
        @Setting(value = "The user name for the proxy.", or = "\"\"", example = "airlock")
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
                                "Whether the proxy resolves names. `false`: Airlock resolves and"
                                        + " checks names, and the proxy gets addresses. `true`:"
                                        + " the proxy gets the names of listed places, and their"
                                        + " addresses are not checked; each run says so.",
                        or = "false")
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

    public String host() {
        return url.getHost().replaceAll("[\\[\\]]", "");
    }

    public int port() {
        return url.getPort() < 0 ? HTTP : url.getPort();
    }

    /// The value of `Proxy-Authorization` (RFC 7617). It is a secret.
    public Optional<String> authorization() {
        return password.map(
                secret ->
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                (user + ":" + secret.reveal())
                                                        .getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return (host().contains(":") ? "[" + host() + "]" : host()) + ":" + port();
    }
}
