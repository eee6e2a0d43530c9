package airlock.config;

import airlock.yaml.Binder;
import airlock.yaml.Place;
import airlock.yaml.Setting;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Where actions fetch packages from, for all repositories; without a slash at their ends. For a
/// further one, add a [Mirror] and a key here.
@Setting.Group(
        title = "mirrors",
        about =
                "Where actions fetch packages from. Their hosts have to be listed in the `network`"
                        + " of a repository, too.")
record Mirrors(
        @Setting(
                        value =
                                "A mirror of Debian, with `dists/` and `pool/` below it. Plain"
                                        + " `http` will do: packages are checked by their signatures.",
                        without =
                                "an action `deb_get` and `apt_upgrade_download` is a mistake of the"
                                        + " plan",
                        type = "web",
                        example = "https://mirror.example/debian")
                Optional<URI> debian,
        @Setting(
                        value = "The same of Debian's security updates.",
                        without = "`deb_get` and `apt_upgrade_download` have no security updates",
                        type = "web",
                        example = "https://mirror.example/debian-security")
                Optional<URI> debianSecurity,
        @Setting(
                        value = "A sparse index of crates, in place of cargo's own registry.",
                        without = "an action `cargo_fetch` is a mistake of the plan",
                        type = "web",
                        example = "https://mirror.example/crates")
                Optional<URI> cargo,
        @Setting(
                        value = "A registry of npm's, in place of those that a lock file names.",
                        without = "an action `npm_get` is a mistake of the plan",
                        type = "web",
                        example = "https://mirror.example/npm")
                Optional<URI> npm,
        @Setting(
                        value = "An index of Python's packages (PEP 503).",
                        without = "an action `pip_download` is a mistake of the plan",
                        type = "web",
                        example = "https://mirror.example/pypi/simple")
                Optional<URI> pip,
        @Setting(
                        value = "A proxy of Go's modules (GOPROXY).",
                        without = "an action `go_mod_download` is a mistake of the plan",
                        type = "web",
                        example = "https://mirror.example/go")
                Optional<URI> go,
        @Setting(
                        value = "A repository of Maven's, in place of all that poms name.",
                        without = "an action `maven_fetch` is a mistake of the plan",
                        type = "web",
                        example = "https://mirror.example/maven")
                Optional<URI> maven,
        @Setting(
                        value =
                                "A repository of Maven's with all that Gradle needs, its plugins"
                                        + " too.",
                        without = "an action `gradle_fetch` is a mistake of the plan",
                        type = "web",
                        example = "https://mirror.example/maven")
                Optional<URI> gradle,
        @Setting(
                        value = "A server of Rust's toolchains, with `dist/` below it.",
                        without = "an action `rustup` is a mistake of the plan",
                        type = "web",
                        example = "https://mirror.example/rustup")
                Optional<URI> rustup) {
    static final Mirrors NONE =
            Binder.standard().with("web", Addresses.web()).section(Mirrors.class).ofNothing();

    /// Those that are given.
    Map<Mirror, URI> all() {
        var all = new EnumMap<Mirror, URI>(Mirror.class);
        debian.ifPresent(url -> all.put(Mirror.DEBIAN, url));
        debianSecurity.ifPresent(url -> all.put(Mirror.DEBIAN_SECURITY, url));
        cargo.ifPresent(url -> all.put(Mirror.CARGO, url));
        npm.ifPresent(url -> all.put(Mirror.NPM, url));
        pip.ifPresent(url -> all.put(Mirror.PIP, url));
        go.ifPresent(url -> all.put(Mirror.GO, url));
        maven.ifPresent(url -> all.put(Mirror.MAVEN, url));
        gradle.ifPresent(url -> all.put(Mirror.GRADLE, url));
        rustup.ifPresent(url -> all.put(Mirror.RUSTUP, url));
        return all;
    }

    /// Warns of mirrors that no action can reach.
    void check(Place place, List<RepositoryConfig> repositories) {
        all().forEach(
                        (mirror, url) -> {
                            if (repositories.stream().noneMatch(each -> lets(each, url))) {
                                place.warning(
                                        "no repository lists %s:%d in network.pre_plan.allow, so no action reaches %s"
                                                .formatted(
                                                        url.getHost().toLowerCase(Locale.ROOT),
                                                        port(url),
                                                        mirror.path()));
                            }
                        });
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
}
