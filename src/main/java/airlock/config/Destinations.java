package airlock.config;

import airlock.yaml.Setting;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// The servers that actions publish to and fetch from by themselves. None is built in.
///
/// @param rsync for `rsync` and `rsync2`
/// @param dput for `dput` and `dput2`
/// @param mirrors URLs without a slash at the end
public record Destinations(
        Optional<RsyncTarget> rsync, Optional<DputTarget> dput, Map<Mirror, URI> mirrors) {
    public static final Destinations NONE =
            new Destinations(Optional.empty(), Optional.empty(), Map.of());

    public Destinations {
        mirrors = Map.copyOf(mirrors);
    }

    public Optional<URI> mirror(Mirror what) {
        return Optional.ofNullable(mirrors.get(what));
    }

    @Setting.Group(
            title = "repositories[].targets",
            about =
                    "Where actions of post_plan publish to; plans can't choose it. List the hosts"
                            + " in `network`, too.")
    record Keys(
            @Setting(
                            value =
                                    "The place that `rsync` and `rsync2` synchronize with the"
                                            + " artifacts, by ssh.",
                            without = "plans with `rsync` are invalid",
                            example = "www@files.example:/srv/hello")
                    Optional<RsyncTarget> rsync,
            @Setting(
                            value =
                                    "Where `dput` and `dput2` upload Debian packages: a server, or"
                                            + " a name in the `dput.cf` on the secrets drive.",
                            without = "plans with `dput` are invalid",
                            example = "{name: ours, host: upload.example, incoming: /srv/incoming}")
                    Optional<DputTarget> dput) {
        Destinations with(Mirrors mirrors) {
            return new Destinations(rsync, dput, mirrors.all());
        }
    }
}
