package airlock.config;

import airlock.event.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The HTTP proxy through which the connections of trusted VMs leave the operator's network.
///
/// @param host a name or an address, IPv6 without brackets
/// @param user for HTTP basic authentication; empty where it takes none
/// @param password of that user
/// @param resolves whether it looks listed names up itself, so that nobody checks their addresses
public record UpstreamProxy(
        String host, int port, String user, Optional<Secret> password, boolean resolves) {
    /// The value of `Proxy-Authorization` (RFC 7617); empty where the proxy takes none. It is a
    /// secret.
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
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
