package airlock.config;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// The servers that actions publish to and fetch from by themselves. None is built in.
///
/// @param rsync of `rsync` and `rsync2`
/// @param dput of `dput` and `dput2`
/// @param mirrors where packages are fetched from, without a slash at their ends
public record Destinations(
        Optional<RsyncTarget> rsync, Optional<DputTarget> dput, Map<Mirror, URI> mirrors) {
    /// No server.
    public static final Destinations NONE =
            new Destinations(Optional.empty(), Optional.empty(), Map.of());

    public Destinations {
        mirrors = Map.copyOf(mirrors);
    }

    /// The same with these mirrors.
    Destinations with(Mirrors others) {
        return new Destinations(rsync, dput, others.all());
    }

    /// Where `what` is fetched from; empty where the operator has not said it.
    public Optional<URI> mirror(Mirror what) {
        return Optional.ofNullable(mirrors.get(what));
    }
}
