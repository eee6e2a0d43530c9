package airlock.source;

import airlock.base.Hash;
import airlock.config.FetchCredentials;
import airlock.config.RepositoryConfig;
import airlock.event.RepositoryId;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/// A repository at a forge, as the configuration names it (T8).
///
/// @param url the only address it is fetched from; a redirect to another host is refused
/// @param limits what fetching and packing one of its commits may take
/// @param outside whether a change from outside is fetched; those have mirrors and tars apart (T11)
public record RemoteRepository(
        RepositoryId id,
        URI url,
        FetchCredentials credentials,
        SourceLimits limits,
        boolean outside) {
    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh");

    /// Of the repository itself.
    public RemoteRepository(
            RepositoryId id, URI url, FetchCredentials credentials, SourceLimits limits) {
        this(id, url, credentials, limits, false);
    }

    public RemoteRepository {
        if (!SCHEMES.contains(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "not an address to fetch from: '"
                            + url
                            + "' (expected http://, https:// or ssh:// with a host)");
        }
        String user = url.getUserInfo();
        if (user != null && (user.contains(":") || !url.getScheme().equals("ssh"))) {
            throw new IllegalArgumentException(
                    "the address to fetch from holds a user or password; credentials are configured"
                            + " on their own (host "
                            + url.getHost()
                            + ")");
        }
    }

    /// The repository that `config` describes, under the id that was pinned for it.
    public static RemoteRepository of(RepositoryConfig config, RepositoryId id) {
        return new RemoteRepository(
                id, config.url(), config.credentials(), SourceLimits.of(config.limits()));
    }

    /// A mark of the address and credentials: equal marks are equal ones, and no credential can be
    /// read from it.
    public String mark() {
        String how =
                switch (credentials) {
                    case FetchCredentials.None _ -> "";
                    case FetchCredentials.ForgeToken(var token) -> "\n\n" + token.reveal();
                    case FetchCredentials.Token(String user, var token) ->
                            user + "\n" + token.reveal();
                    case FetchCredentials.SshKey(var key, Path knownHosts) ->
                            key.reveal() + "\n" + knownHosts;
                };
        return Hash.sha256(url + "\n" + how).substring(0, 16);
    }

    /// The same repository, for a change from outside or for its own commits.
    public RemoteRepository outside(boolean isOutside) {
        return new RemoteRepository(id, url, credentials, limits, isOutside);
    }

    /// Where its mirror and its cached tars are, below the directories for these. A forge's name
    /// has no `_`.
    String fileName() {
        String name = id.forge() + "_" + id.id();
        return outside ? SourceFiles.OUTSIDE + "/" + name : name;
    }
}
