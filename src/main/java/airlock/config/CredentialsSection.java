package airlock.config;

import airlock.event.Secret;
import airlock.yaml.Key;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Values;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What fetching takes, given the address that is fetched from.
final class CredentialsSection {
    private static final Key<String> USER =
            Key.or(
                            "user",
                            Scalars.TEXT,
                            "x-access-token",
                            "x-access-token",
                            "The user name that goes with `token`. Forges that only look at the"
                                    + " token take any.")
                    .example("ci-bot");

    private final Key<Secret> token;
    private final Key<Secret> sshKey;
    private final Key<Path> knownHosts;

    CredentialsSection(Surroundings surroundings) {
        token =
                Key.free(
                                "token",
                                new SecretType(
                                        surroundings,
                                        "put a token that may read the repository into PATH and"
                                                + " `chmod 600 PATH`",
                                        false),
                                "`ssh_key` must be there",
                                "A token or password for `http` and `https`.")
                        .example("{file: secrets/fetch-token}");
        sshKey =
                Key.free(
                                "ssh_key",
                                new SecretType(
                                        surroundings,
                                        "make a key with `ssh-keygen -t ed25519 -N '' -f PATH` and"
                                                + " give its public half to the forge as a deploy"
                                                + " key",
                                        true),
                                "`token` must be there",
                                "A private key without passphrase for `ssh`. It only fetches; the"
                                        + " key that virtual machines may get is another.")
                        .example("{file: secrets/deploy-key}");
        knownHosts =
                Key.free(
                                "known_hosts",
                                Paths.in(surroundings),
                                "must be there with `ssh_key`",
                                "A file with the forge's host keys, as `ssh-keyscan HOST` prints"
                                        + " them (compare with what the forge publishes). No other"
                                        + " key is accepted.")
                        .example("secrets/known_hosts");
    }

    Section<Function<URI, FetchCredentials>> section() {
        return new Section<>(
                "repositories[].credentials",
                "How a repository is fetched that not everybody may read: either `token` or"
                        + " `ssh_key`.",
                List.of(token, USER, sshKey, knownHosts),
                this::make);
    }

    private Function<URI, FetchCredentials> make(Values values) {
        Optional<Secret> password = values.find(token);
        Optional<Secret> key = values.find(sshKey);
        if (password.isPresent() == key.isPresent()) {
            values.place().error("one of token and ssh_key must be there, and not both");
            return _ -> new FetchCredentials.None();
        }
        if (password.isPresent()) {
            return url -> token(url, values);
        }
        Optional<Path> hosts = values.find(knownHosts);
        if (hosts.isEmpty()) {
            values.place(sshKey)
                    .error("ssh_key needs known_hosts beside it", knownHosts.type().expected());
        } else if (!Files.isRegularFile(hosts.get())) {
            values.place(knownHosts)
                    .error(
                            "no file %s; write the forge's host keys into it: `ssh-keyscan HOST > %s`"
                                    .formatted(hosts.get(), hosts.get()));
        }
        return url -> sshKey(url, values);
    }

    private FetchCredentials token(URI url, Values values) {
        Place place = values.place(token);
        if (url.getScheme().equals("ssh")) {
            place.error("a token is of no use with ssh://", "ssh_key");
        } else if (Addresses.isExposed(url)) {
            place.warning("http sends the token in clear; use https");
        }
        return new FetchCredentials.Token(values.get(USER), values.get(token));
    }

    private FetchCredentials sshKey(URI url, Values values) {
        if (!url.getScheme().equals("ssh")) {
            values.place(sshKey)
                    .error("an SSH key is of no use with " + url.getScheme() + "://", "token");
        }
        return new FetchCredentials.SshKey(values.get(sshKey), values.get(knownHosts));
    }
}
