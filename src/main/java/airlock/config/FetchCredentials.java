package airlock.config;

import airlock.event.Secret;
import java.nio.file.Path;

/// What fetching a repository's commits takes.
public sealed interface FetchCredentials {
    /// Nothing: everybody may fetch.
    record None() implements FetchCredentials {}

    /// The forge's own token, for a repository at the forge's own address that names no
    /// credentials. It is used only after the git server has asked for a login, so that public
    /// repositories are fetched without it.
    record ForgeToken(Secret token) implements FetchCredentials {}

    /// HTTP basic authentication.
    ///
    /// @param user the user name; forges that only look at the token take any
    record Token(String user, Secret token) implements FetchCredentials {}

    /// An SSH key.
    ///
    /// @param privateKey the private key, in OpenSSH's or PEM format, without passphrase
    /// @param knownHosts the file with the forge's host keys, as OpenSSH writes it; no other host
    ///     key is accepted
    record SshKey(Secret privateKey, Path knownHosts) implements FetchCredentials {}
}
