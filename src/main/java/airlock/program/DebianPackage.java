package airlock.program;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The Debian packages of the programs that Airlock starts.
public final class DebianPackage {
    private static final Map<String, String> PACKAGES =
            Map.ofEntries(
                    Map.entry("bsdtar", "libarchive-tools"),
                    Map.entry("bwrap", "bubblewrap"),
                    Map.entry("gpgv", "gpgv"),
                    Map.entry("mcopy", "mtools"),
                    Map.entry("mformat", "mtools"),
                    Map.entry("mke2fs", "e2fsprogs"),
                    Map.entry("mmdebstrap", "mmdebstrap uidmap"),
                    Map.entry("newuidmap", "uidmap"),
                    Map.entry("prlimit", "util-linux"),
                    Map.entry("qemu-img", "qemu-utils"),
                    Map.entry("qemu-system-x86_64", "qemu-system-x86"),
                    Map.entry("setpriv", "util-linux"),
                    Map.entry("setsid", "util-linux"),
                    Map.entry("shellcheck", "shellcheck"),
                    Map.entry("skopeo", "skopeo"),
                    Map.entry("tar", "tar"),
                    Map.entry("xz", "xz-utils"),
                    Map.entry("zstd", "zstd"));

    private DebianPackage() {}

    /// Empty for a program that Airlock does not know.
    public static Optional<String> of(String program) {
        return Optional.ofNullable(PACKAGES.get(String.valueOf(Path.of(program).getFileName())));
    }

    /// The end of a sentence that says how to install a missing program; empty if it is unknown.
    static String advice(String program) {
        return of(program).map(name -> "; install it: apt-get install " + name).orElse("");
    }
}
