package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Section;
import java.net.URI;
import java.util.List;

/// The `mirrors` of a configuration. A further one is a key here and a component of [Mirrors] and
/// [Destinations].
final class MirrorsSection {
    private static final Key<URI> DEBIAN =
            Key.free(
                            "debian",
                            Addresses.web(),
                            "an action `deb_get` is a mistake of the plan",
                            "A mirror of Debian, with `dists/` and `pool/` below it, for `deb_get`."
                                    + " Plain `http` will do: packages are checked by their"
                                    + " signatures.")
                    .example("https://mirror.example/debian");

    private MirrorsSection() {}

    static Section<Mirrors> section() {
        return new Section<>(
                "mirrors",
                "Where actions fetch packages from. Their hosts have to be listed in the `network`"
                        + " of a repository, too.",
                List.of(DEBIAN),
                values -> new Mirrors(values.find(DEBIAN)));
    }
}
