package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Place;
import airlock.yaml.Section;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The `mirrors` of a configuration. A further one is a [Mirror] and a key here.
final class MirrorsSection {
    private static final Map<Mirror, Key<URI>> KEYS =
            new EnumMap<>(
                    Map.of(
                            Mirror.DEBIAN,
                            key(
                                    Mirror.DEBIAN,
                                    "`deb_get` and `apt_upgrade_download`",
                                    "debian",
                                    "A mirror of Debian, with `dists/` and `pool/` below it. Plain"
                                            + " `http` will do: packages are checked by their"
                                            + " signatures."),
                            Mirror.DEBIAN_SECURITY,
                            Key.free(
                                            "debian_security",
                                            Addresses.web(),
                                            "`deb_get` and `apt_upgrade_download` have no security"
                                                    + " updates",
                                            "The same of Debian's security updates.")
                                    .example("https://mirror.example/debian-security"),
                            Mirror.CARGO,
                            key(
                                    Mirror.CARGO,
                                    "`cargo_fetch`",
                                    "crates",
                                    "A sparse index of crates, in place of cargo's own"
                                            + " registry."),
                            Mirror.NPM,
                            key(
                                    Mirror.NPM,
                                    "`npm_get`",
                                    "npm",
                                    "A registry of npm's, in place of those that a lock file"
                                            + " names."),
                            Mirror.PIP,
                            key(
                                    Mirror.PIP,
                                    "`pip_download`",
                                    "pypi/simple",
                                    "An index of Python's packages (PEP 503)."),
                            Mirror.GO,
                            key(
                                    Mirror.GO,
                                    "`go_mod_download`",
                                    "go",
                                    "A proxy of Go's modules (GOPROXY)."),
                            Mirror.MAVEN,
                            key(
                                    Mirror.MAVEN,
                                    "`maven_fetch`",
                                    "maven",
                                    "A repository of Maven's, in place of all that poms name."),
                            Mirror.GRADLE,
                            key(
                                    Mirror.GRADLE,
                                    "`gradle_fetch`",
                                    "maven",
                                    "A repository of Maven's with all that Gradle needs, its"
                                            + " plugins too."),
                            Mirror.RUSTUP,
                            key(
                                    Mirror.RUSTUP,
                                    "`rustup`",
                                    "rustup",
                                    "A server of Rust's toolchains, with `dist/` below it.")));

    private MirrorsSection() {}

    private static Key<URI> key(Mirror mirror, String actions, String example, String meaning) {
        return Key.free(
                        mirror.key(),
                        Addresses.web(),
                        "an action %s is a mistake of the plan".formatted(actions),
                        meaning)
                .example("https://mirror.example/" + example);
    }

    /// Warns of mirrors that no action can reach.
    static void check(Place place, Mirrors mirrors, List<RepositoryConfig> repositories) {
        mirrors.all().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(mirror -> repositories.stream().noneMatch(r -> lets(r, mirror.getValue())))
                .forEach(
                        mirror ->
                                place.warning(
                                        "no repository lists %s:%d in network.pre_plan.allow, so no action reaches %s"
                                                .formatted(
                                                        mirror.getValue()
                                                                .getHost()
                                                                .toLowerCase(Locale.ROOT),
                                                        port(mirror.getValue()),
                                                        mirror.getKey().path())));
    }

    private static boolean lets(RepositoryConfig repository, URI url) {
        var network = repository.network();
        return switch (HostName.read(url.getHost())) {
            case HostName.Reading.Refused _ -> false;
            case HostName.Reading.Named(var host) ->
                    network.prePlan().lets(host, port(url))
                            || network.outside().lets(host, port(url))
                            || network.postPlan().lets(host, port(url));
        };
    }

    private static int port(URI url) {
        if (url.getPort() > 0) {
            return url.getPort();
        }
        return url.getScheme().equals("https") ? 443 : 80;
    }

    static Section<Mirrors> section() {
        return new Section<>(
                "mirrors",
                "Where actions fetch packages from. Their hosts have to be listed in the `network`"
                        + " of a repository, too.",
                List.copyOf(KEYS.values()),
                values -> {
                    var all = new EnumMap<Mirror, URI>(Mirror.class);
                    KEYS.forEach(
                            (mirror, key) ->
                                    values.find(key).ifPresent(url -> all.put(mirror, url)));
                    return new Mirrors(all);
                });
    }
}
