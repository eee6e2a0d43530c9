package airlock.config;

import airlock.event.Secret;
import airlock.yaml.Place;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What fetching a repository's commits takes.
public sealed interface FetchCredentials {
    /// Nothing: everyone may fetch.
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

    /// The keys of a repository's own.
    @Setting.Group(
            title = "repositories[].credentials",
            about = "How a repository is fetched that is not public: either `token` or `ssh_key`.")
    record Keys(
            @Setting(
                            value = "A token or password for `http` and `https`.",
                            without = "`ssh_key` must be there",
                            type = "secret",
                            cure =
                                    "put a token that may read the repository into PATH and"
                                            + " `chmod 600 PATH`",
                            example = "{file: secrets/fetch-token}")
                    Optional<Secret> token,
            @Setting(
                            value =
                                    "The user name that goes with `token`. Forges that only look at"
                                            + " the token take any.",
                            or = "x-access-token",
                            example = "ci-bot")
                    String user,
            @Setting(
                            value =
                                    "A private key without passphrase for `ssh`. It only fetches;"
                                            + " the key that virtual machines may get is another.",
                            without = "`token` must be there",
                            type = "key file",
                            cure =
                                    "make a key with `ssh-keygen -t ed25519 -N '' -f PATH` and give"
                                            + " its public half to the forge as a deploy key",
                            example = "{file: secrets/deploy-key}")
                    Optional<Secret> sshKey,
            @Setting(
                            value =
                                    "A file with the forge's host keys, as `ssh-keyscan HOST`"
                                            + " prints them (compare with what the forge publishes). No"
                                            + " other key is accepted.",
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

        /// Reports what does not go with the address that is fetched from.
        void check(URI url) {
            Place place = values.place(token.isPresent() ? "token" : "ssh_key");
            boolean isSsh = url.getScheme().equals("ssh");
            if (token.isPresent() && isSsh) {
                place.error("a token is of no use with ssh://", "ssh_key");
            } else if (token.isPresent() && Addresses.isExposed(url)) {
                place.warning("http sends the token in clear; use https");
            } else if (token.isEmpty() && !isSsh) {
                place.error("an SSH key is of no use with " + url.getScheme() + "://", "token");
            }
        }

        FetchCredentials credentials() {
            return token.<FetchCredentials>map(password -> new Token(user, password))
                    .orElseGet(() -> new SshKey(sshKey.orElseThrow(), knownHosts.orElseThrow()));
        }
    }
}
