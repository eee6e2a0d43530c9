package airlock.config;

import airlock.yaml.Setting;
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

    /// Where `what` is fetched from, if the operator has said it.
    public Optional<URI> mirror(Mirror what) {
        return Optional.ofNullable(mirrors.get(what));
    }

    /// The keys of a repository's own.
    @Setting.Group(
            title = "repositories[].targets",
            about =
                    "Where actions of post_plan publish to; a plan can't name it. The hosts have to"
                            + " be listed in `network`, too.")
    record Keys(
            @Setting(
                            value =
                                    "What `rsync` and `rsync2` make the same as the artifacts, by"
                                            + " ssh.",
                            without = "an action `rsync` is a mistake of the plan",
                            example = "www@files.example:/srv/hello")
                    Optional<RsyncTarget> rsync,
            @Setting(
                            value =
                                    "Where `dput` and `dput2` upload Debian packages to. A name"
                                            + " alone: what the `dput.cf` on the secrets drive calls"
                                            + " it.",
                            without = "an action `dput` is a mistake of the plan",
                            example = "{name: ours, host: upload.example, incoming: /srv/incoming}")
                    Optional<DputTarget> dput) {
        Destinations with(Mirrors mirrors) {
            return new Destinations(rsync, dput, mirrors.all());
        }
    }
}
