package airlock.config;

import java.net.URI;
import java.util.Optional;

/// The servers that actions publish to and fetch from by themselves. None is built in.
///
/// @param rsync of `rsync` and `rsync2`
/// @param dput of `dput` and `dput2`
/// @param debian the mirror of `deb_get`, without a slash at its end
public record Destinations(
        Optional<RsyncTarget> rsync, Optional<DputTarget> dput, Optional<URI> debian) {
    /// No server.
    public static final Destinations NONE =
            new Destinations(Optional.empty(), Optional.empty(), Optional.empty());

    /// The same with these mirrors.
    Destinations with(Mirrors mirrors) {
        return new Destinations(rsync, dput, mirrors.debian());
    }
}
