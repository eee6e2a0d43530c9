package airlock.agent;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// An Ed25519 key of an agent, and the logins that it may sign in one phase. Its private half stays
/// behind `signer`.
///
/// @param publicBlob its public half as SSH sends it (RFC 8709, 4)
/// @param comment shown by `ssh-add -L`; printable ASCII
/// @param signer signs (RFC 8032): 64 bytes
/// @param setting names its place in the configuration, such as `repositories[].secrets.deploy`;
///     refusals show it
/// @param users as the hosts name them
/// @param signatures most of them in a phase
public record SigningKey(
        byte[] publicBlob,
        String comment,
        UnaryOperator<byte[]> signer,
        String setting,
        Set<String> users,
        List<Host> hosts,
        int signatures) {
    public SigningKey {
        users = Set.copyOf(users);
        hosts = List.copyOf(hosts);
    }

    /// A host to which the key may log in.
    ///
    /// @param name for people; only the host's key identifies it
    /// @param key a host with several keys has an entry for each
    public record Host(String name, HostKey key) {}
}
