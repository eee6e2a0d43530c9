package airlock.plan;

import airlock.base.Hash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// A small registry of each kind as static files: `/crates/index`, `/npm`, `/pypi/simple`, `/go`
/// and `/rustup`.
///
/// @param root the directory that is served
/// @param base its URL, without a slash at its end
public record TinyRegistries(Path root, String base) {
    /// The file that an npm install script would create in its package.
    static final String MARK = "install-script-ran";

    private static final String GO_MODULE = "hello.example/dep";
    private static final String GO_MOD = "module hello.example/dep\n\ngo 1.19\n";

    public static TinyRegistries make(Path root, String base) throws IOException {
        var made = new TinyRegistries(root, base);
        made.npm();
        made.pypi();
        made.crates();
        made.go();
        return made;
    }

    private void npm() throws IOException {
        file("npm/hello-dep/-/hello-dep-1.0.0.tgz", helloOfNpm());
        file("npm/@tiny/other/-/other-2.0.0.tgz", otherOfNpm());
    }

    private static byte[] helloOfNpm() throws IOException {
        return tarGz(
                Map.of(
                        "package/package.json",
                        "{\"name\": \"hello-dep\", \"version\": \"1.0.0\"}",
                        "package/index.js",
                        "module.exports = 1\n"));
    }

    private static byte[] otherOfNpm() throws IOException {
        return tarGz(
                Map.of(
                        "package/package.json",
                        """
                        {"name": "@tiny/other", "version": "2.0.0", "scripts": {"install": "touch %s"}}
                        """
                                .formatted(MARK)));
    }

    /// A `package.json` with both packages.
    public static String packageJson() {
        return """
        {"name": "user", "version": "1.0.0",
         "dependencies": {"hello-dep": "1.0.0", "@tiny/other": "^2.0.0"}}
        """;
    }

    /// Its lock file, with URLs of another registry and two kinds of checksums.
    public static String packageLock() throws IOException {
        return """
        {"name": "user", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
          "": {"name": "user", "version": "1.0.0",
               "dependencies": {"hello-dep": "1.0.0", "@tiny/other": "^2.0.0"}},
          "node_modules/@tiny/other": {"version": "2.0.0", "hasInstallScript": true,
            "resolved": "https://another.example/repository/npm/@tiny/other/-/other-2.0.0.tgz",
            "integrity": "sha1-%s"},
          "node_modules/hello-dep": {"version": "1.0.0",
            "resolved": "https://registry.example/hello-dep/-/hello-dep-1.0.0.tgz",
            "integrity": "sha512-%s"}}}
        """
                .formatted(
                        base64(digest("SHA-1", otherOfNpm())),
                        base64(digest("SHA-512", helloOfNpm())));
    }

    /// PEP 503 and PEP 427.
    private void pypi() throws IOException {
        String name = "hello_dep-1.0.0-py3-none-any.whl";
        file("pypi/files/" + name, wheel());
        file(
                "pypi/simple/hello-dep/index.html",
                "<!DOCTYPE html><html><body><a href=\"../../files/%s\">%s</a></body></html>"
                        .formatted(name, name));
    }

    private static byte[] wheel() throws IOException {
        String info = "hello_dep-1.0.0.dist-info/";
        return zip(
                Map.of(
                        "hello_dep.py",
                        "hello = 1\n",
                        info + "METADATA",
                        "Metadata-Version: 2.1\nName: hello-dep\nVersion: 1.0.0\n",
                        info + "WHEEL",
                        "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                        info + "RECORD",
                        ""));
    }

    /// A requirements file with the right checksum.
    public static String requirements() throws IOException {
        return """
        # as a tool writes them
        hello-dep==1.0.0 \\
            --hash=sha256:%s
            # via user
        """
                .formatted(HexFormat.of().formatHex(digest("SHA-256", wheel())));
    }

    /// The Cargo book, "Registry index format", sparse protocol.
    private void crates() throws IOException {
        byte[] crate =
                tarGz(
                        Map.of(
                                "hello-dep-1.0.0/Cargo.toml",
                                """
                                [package]
                                name = "hello-dep"
                                version = "1.0.0"
                                edition = "2021"
                                """,
                                "hello-dep-1.0.0/src/lib.rs",
                                "pub fn hello() -> i32 {\n    1\n}\n"));
        file("crates/index/config.json", "{\"dl\": \"%s/crates/dl/{crate}\"}".formatted(base));
        file(
                "crates/index/he/ll/hello-dep",
                """
                {"name":"hello-dep","vers":"1.0.0","deps":[],"cksum":"%s","features":{},"yanked":false}
                """
                        .formatted(HexFormat.of().formatHex(digest("SHA-256", crate))));
        file("crates/dl/hello-dep", crate);
    }

    /// A manifest that needs the crate.
    public static String cargoToml() {
        return """
        [package]
        name = "user"
        version = "0.1.0"
        edition = "2021"
        build = "build.rs"

        [dependencies]
        hello-dep = "1"
        """;
    }

    /// The GOPROXY protocol, go.dev/ref/mod.
    private void go() throws IOException {
        String folder = "go/" + GO_MODULE + "/@v/";
        file(folder + "list", "v1.0.0\n");
        file(folder + "v1.0.0.info", "{\"Version\":\"v1.0.0\",\"Time\":\"2026-01-01T00:00:00Z\"}");
        file(folder + "v1.0.0.mod", GO_MOD);
        moduleSays(1);
    }

    /// Replaces the module; for values other than 1 it no longer matches `go.sum`.
    public void moduleSays(int hello) throws IOException {
        file("go/" + GO_MODULE + "/@v/v1.0.0.zip", zip(goFiles(hello)));
    }

    private static Map<String, String> goFiles(int hello) {
        return Map.of(
                GO_MODULE + "@v1.0.0/go.mod",
                GO_MOD,
                GO_MODULE + "@v1.0.0/dep.go",
                "package dep\n\nconst Hello = " + hello + "\n");
    }

    /// A `go.mod` that needs the module.
    public static String goMod() {
        return "module user.example/user\n\ngo 1.19\n\nrequire " + GO_MODULE + " v1.0.0\n";
    }

    /// Its `go.sum`; go.dev/ref/mod, "go.sum files".
    public static String goSum() {
        return "%1$s v1.0.0 h1:%2$s\n%1$s v1.0.0/go.mod h1:%3$s\n"
                .formatted(GO_MODULE, hash(goFiles(1)), hash(Map.of("go.mod", GO_MOD)));
    }

    private static String hash(Map<String, String> files) {
        var lines = new StringBuilder();
        new TreeMap<>(files)
                .forEach(
                        (name, text) ->
                                lines.append(
                                                HexFormat.of()
                                                        .formatHex(digest("SHA-256", bytes(text))))
                                        .append("  ")
                                        .append(name)
                                        .append('\n'));
        return base64(digest("SHA-256", bytes(lines.toString())));
    }

    /// Adds a toolchain, `stable`, whose rustc is a shell script.
    ///
    /// @param target Rust's name of the machine
    void rustup(String target) throws IOException {
        String top = "rustc-1.99.0-" + target + "/";
        byte[] rustc =
                tarGz(
                        Map.of(
                                top + "components",
                                "rustc\n",
                                top + "rust-installer-version",
                                "3\n",
                                top + "rustc/manifest.in",
                                "file:bin/rustc\n",
                                top + "rustc/bin/rustc",
                                "#!/bin/sh\necho rustc 1.99.0 tiny\n"));
        file("rustup/dist/rustc.tar.gz", rustc);
        String manifest = manifest(target, HexFormat.of().formatHex(digest("SHA-256", rustc)));
        file("rustup/dist/channel-rust-stable.toml", manifest);
        file(
                "rustup/dist/channel-rust-stable.toml.sha256",
                HexFormat.of().formatHex(digest("SHA-256", bytes(manifest)))
                        + "  channel-rust-stable.toml\n");
    }

    private String manifest(String target, String sum) {
        return """
                manifest-version = "2"
                date = "2026-01-01"
                [pkg.rust]
                version = "1.99.0 (tiny 2026-01-01)"
                [pkg.rust.target.%1$s]
                available = true
                url = "%2$s/rustup/dist/rustc.tar.gz"
                hash = "%3$s"
                [[pkg.rust.target.%1$s.components]]
                pkg = "rustc"
                target = "%1$s"
                [pkg.rustc]
                version = "1.99.0 (tiny 2026-01-01)"
                [pkg.rustc.target.%1$s]
                available = true
                url = "%2$s/rustup/dist/rustc.tar.gz"
                hash = "%3$s"
                [profiles]
                minimal = ["rustc"]
                default = ["rustc"]
                complete = ["rustc"]
                """
                .formatted(target, base, sum);
    }

    /// Changes a byte of a file.
    public void tamper(String name) throws IOException {
        byte[] content = Files.readAllBytes(root.resolve(name));
        content[content.length / 2] ^= 1;
        Files.write(root.resolve(name), content);
    }

    private void file(String name, String text) throws IOException {
        file(name, bytes(text));
    }

    private void file(String name, byte[] content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] tarGz(Map<String, String> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (var file : new TreeMap<>(files).entrySet()) {
                byte[] text = bytes(file.getValue());
                var entry = new TarArchiveEntry(file.getKey());
                entry.setSize(text.length);
                entry.setModTime(0);
                entry.setMode(file.getKey().contains("/bin/") ? 0100755 : 0100644);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : new TreeMap<>(files).entrySet()) {
                var entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                zip.write(bytes(file.getValue()));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] digest(String algorithm, byte[] content) {
        return Hash.by(algorithm).add(content).bytes();
    }
}
