package airlock.source;

import airlock.base.Hash;
import airlock.config.FetchCredentials;
import airlock.config.RepositoryConfig;
import airlock.event.RepositoryId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/// A repository at a forge, as the configuration names it (T8).
///
/// @param url the only address to fetch from; a redirect to another host is refused
/// @param limits of fetching and packing one commit
/// @param outside whether it is for outside changes, which have mirrors and tars of their own (T11)
public record RemoteRepository(
        RepositoryId id,
        URI url,
        FetchCredentials credentials,
        SourceLimits limits,
        boolean outside) {
    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh");

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

    /// The repository that `config` describes, with its pinned id.
    public static RemoteRepository of(RepositoryConfig config, RepositoryId id) {
        return new RemoteRepository(
                id, config.url(), config.credentials(), SourceLimits.of(config.limits()));
    }

    /// A hash of the address and credentials, to see whether they changed.
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

    /// The same repository, for outside changes or for its own commits.
    public RemoteRepository outside(boolean isOutside) {
        return new RemoteRepository(id, url, credentials, limits, isOutside);
    }

    /// The same repository, with no more time for an order than `most`.
    public RemoteRepository within(Duration most) {
        var less =
                new SourceLimits(
                        limits.size(),
                        limits.files(),
                        limits.fileSize(),
                        limits.pathLength(),
                        limits.depth(),
                        limits.planFileSize(),
                        limits.time().compareTo(most) < 0 ? limits.time() : most);
        return new RemoteRepository(id, url, credentials, less, outside);
    }

    /// The name of its mirror and of its directory of tars. A forge's name has no `_`.
    String fileName() {
        String name = id.forge() + "_" + id.id();
        return outside ? SourceFiles.OUTSIDE + "/" + name : name;
    }
}
