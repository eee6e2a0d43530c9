package airlock.plan;

/// A bash script that makes a Debian package for an upload in the current directory.
public final class DebianUpload {
    public static final String CHANGES = "hello_1_all.changes";

    /// Makes `hello_1_all.deb` and the file that lists it.
    public static final String SCRIPT =
            """
            tree=$(mktemp -d)
            mkdir "$tree/DEBIAN"
            printf '%s\\n' 'Package: hello' 'Version: 1' 'Architecture: all' \\
              'Maintainer: A <a@example.org>' 'Description: nothing' >"$tree/DEBIAN/control"
            dpkg-deb --build --root-owner-group "$tree" hello_1_all.deb
            sum() { "$1" hello_1_all.deb | cut -d' ' -f1; }
            size=$(stat -c %s hello_1_all.deb)
            printf '%s\\n' 'Format: 1.8' 'Date: Sat, 28 Nov 2026 12:00:00 +0000' 'Source: hello' \\
              'Binary: hello' 'Architecture: all' 'Version: 1' 'Distribution: unstable' \\
              'Urgency: medium' 'Maintainer: A <a@example.org>' 'Changed-By: A <a@example.org>' \\
              'Description:' ' hello - nothing' 'Changes:' ' hello (1) unstable; urgency=medium' \\
              'Checksums-Sha1:' " $(sum sha1sum) $size hello_1_all.deb" \\
              'Checksums-Sha256:' " $(sum sha256sum) $size hello_1_all.deb" \\
              'Files:' " $(sum md5sum) $size misc optional hello_1_all.deb" >hello_1_all.changes
            """;

    private DebianUpload() {}
}
