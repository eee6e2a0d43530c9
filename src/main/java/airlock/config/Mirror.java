package airlock.config;

import airlock.yaml.Key;
import java.net.URI;
import java.util.Locale;

/// A kind of packages that actions fetch from a server of the operator's choice.
public enum Mirror {
    DEBIAN(
            "A mirror of Debian with `dists/` and `pool/` below it. Plain `http` is safe: apt"
                    + " checks signatures.",
            "plans with `deb_get` or `apt_upgrade_download` are invalid",
            "debian"),
    DEBIAN_SECURITY(
            "A mirror of Debian's security updates.",
            "`deb_get` and `apt_upgrade_download` get no security updates",
            "debian-security"),
    CARGO(
            "A sparse index of crates, in place of cargo's own registry.",
            "plans with `cargo_fetch` are invalid",
            "crates"),
    NPM(
            "An npm registry, in place of those that a lock file names.",
            "plans with `npm_get` are invalid",
            "npm"),
    PIP(
            "An index of Python packages (PEP 503).",
            "plans with `pip_download` are invalid",
            "pypi/simple"),
    GO("A proxy of Go modules (GOPROXY).", "plans with `go_mod_download` are invalid", "go"),
    MAVEN(
            "A Maven repository, in place of all that poms name.",
            "plans with `maven_fetch` are invalid",
            "maven"),
    GRADLE(
            "A Maven repository with all that Gradle needs, including its plugins.",
            "plans with `gradle_fetch` are invalid",
            "maven"),
    RUSTUP(
            "A server of Rust toolchains with `dist/` below it.",
            "plans with `rustup` are invalid",
            "rustup");

    private final String meaning;
    private final String without;
    private final String example;

    Mirror(String meaning, String without, String example) {
        this.meaning = meaning;
        this.without = without;
        this.example = "https://mirror.example/" + example;
    }

    /// Its key in `mirrors`.
    Key<URI> setting() {
        var absent = new Key.Presence.Free<URI>(without);
        return new Key<>(key(), Addresses.web(), absent, meaning, example);
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Its key from the top of the configuration.
    public String path() {
        return "mirrors." + key();
    }
}
