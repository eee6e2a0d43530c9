package airlock.config;

import airlock.event.Secret;
import airlock.yaml.Place;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Credentials for fetching a repository's commits.
public sealed interface FetchCredentials {
    /// The repository is public.
    record None() implements FetchCredentials {}

    /// The forge's own token, for a repository at the forge's own address without credentials. It
    /// is sent only if the git server asks for a login, so public repositories are fetched without
    /// it.
    record ForgeToken(Secret token) implements FetchCredentials {}

    /// HTTP basic authentication.
    ///
    /// @param user any, for forges that only look at the token
    record Token(String user, Secret token) implements FetchCredentials {}

    /// An SSH key.
    ///
    /// @param privateKey in OpenSSH's or PEM format, without passphrase
    /// @param knownHosts a file in OpenSSH's format with the only accepted host keys
    record SshKey(Secret privateKey, Path knownHosts) implements FetchCredentials {}

    @Setting.Group(
            title = "repositories[].credentials",
            about = "Credentials for a repository that is not public: either `token` or `ssh_key`.")
    record Keys(
            @Setting(
                            value = "A token or password for `http` and `https`.",
                            without = "`ssh_key` must be there",
                            type = "secret",
                            cure =
                                    "put a token that can read the repository into PATH and `chmod"
                                            + " 600 PATH`",
                            example = "{file: secrets/fetch-token}")
                    Optional<Secret> token,
            @Setting(
                            value = "The user name for `token`; many forges ignore it.",
                            or = "x-access-token",
                            example = "ci-bot")
                    String user,
            @Setting(
                            value =
                                    "A private key without passphrase for `ssh`. It is only used"
                                            + " for fetching and never enters a virtual machine.",
                            without = "`token` must be there",
                            type = "key file",
                            cure =
                                    "create a key with `ssh-keygen -t ed25519 -N '' -f PATH` and"
                                            + " give its public half to the forge as a deploy key",
                            example = "{file: secrets/deploy-key}")
                    Optional<Secret> sshKey,
            @Setting(
                            value =
                                    "A file with the only accepted host keys, as `ssh-keyscan HOST`"
                                            + " prints them (compare with those that the forge"
                                            + " publishes).",
                            without = "must be there with `ssh_key`",
                            example = "secrets/known_hosts")
                    Optional<Path> knownHosts,
            Values values)
            implements Setting.Checked {
        @Override
        public void check(Values at) {
            if (token.isPresent() == sshKey.isPresent()) {
                at.place().error("one of token and ssh_key must be there, and not both");
            } else if (sshKey.isPresent() && knownHosts.isEmpty()) {
                at.place("ssh_key")
                        .error(
                                "ssh_key needs known_hosts beside it",
                                "a path, absolute or from this file's directory");
            } else if (sshKey.isPresent()) {
                knownHosts
                        .filter(file -> !Files.isRegularFile(file))
                        .ifPresent(
                                file ->
                                        at.place("known_hosts")
                                                .error(
                                                        "no file %1$s; write the forge's host keys into it: `ssh-keyscan HOST > %1$s`"
                                                                .formatted(file)));
            }
        }

        /// Reports credentials that don't fit the URL's scheme.
        void check(URI url) {
            Place place = values.place(token.isPresent() ? "token" : "ssh_key");
            boolean isSsh = url.getScheme().equals("ssh");
            if (token.isPresent() && isSsh) {
                place.error("a token can't be used with ssh://", "ssh_key");
            } else if (token.isPresent() && Addresses.isExposed(url)) {
                place.warning("http sends the token in clear text; use https");
            } else if (token.isEmpty() && !isSsh) {
                place.error("an SSH key can't be used with " + url.getScheme() + "://", "token");
            }
        }

        FetchCredentials credentials() {
            return token.<FetchCredentials>map(password -> new Token(user, password))
                    .orElseGet(() -> new SshKey(sshKey.orElseThrow(), knownHosts.orElseThrow()));
        }
    }
}
