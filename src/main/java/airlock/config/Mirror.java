package airlock.config;

import java.util.Locale;

/// A kind of packages that actions fetch from where the operator says.
public enum Mirror {
    /// Debian's archive, with `dists/` and `pool/` below it.
    DEBIAN,
    /// The same of its security updates.
    DEBIAN_SECURITY,
    /// A sparse index of crates.
    CARGO,
    /// A registry of npm's.
    NPM,
    /// An index of Python's packages as PEP 503 describes it.
    PIP,
    /// A proxy of Go's modules.
    GO,
    /// A repository of Maven's.
    MAVEN,
    /// The same for Gradle.
    GRADLE,
    /// A server of Rust's toolchains.
    RUSTUP;

    /// Its key below `mirrors`.
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Its key from the top of the configuration.
    public String path() {
        return "mirrors." + key();
    }
}
