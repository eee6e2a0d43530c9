package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.base.Hash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Small registries as static files, one of each kind, each with one package: a directory for each
/// host that a test serves.
record Registries(Path root, String port) {
    static final List<String> HOSTS =
            List.of(
                    "apt.example",
                    "crates.example",
                    "files.example",
                    "git.example",
                    "go.example",
                    "maven.example",
                    "npm.example",
                    "pypi.example");

    /// Makes all of them.
    ///
    /// @param port at which all hosts are served with TLS
    static Registries make(Path root, int port) throws Exception {
        var made = new Registries(root, Integer.toString(port));
        made.file("files.example/hello", "hello, client\n");
        made.crates();
        made.npm();
        made.pypi();
        made.maven();
        made.go();
        made.apt();
        made.git();
        return made;
    }

    /// docs: the Cargo book, "Registry index format", sparse protocol.
    private void crates() throws IOException {
        byte[] crate =
                tarGz(
                        "hello-dep-1.0.0/Cargo.toml",
                        "[package]\nname = \"hello-dep\"\nversion = \"1.0.0\"\nedition = \"2021\"\n",
                        "hello-dep-1.0.0/src/lib.rs",
                        "pub fn hello() {}\n");
        file(
                "crates.example/index/config.json",
                "{\"dl\": \"https://crates.example:%s/dl/{crate}\"}".formatted(port));
        file(
                "crates.example/index/he/ll/hello-dep",
                """
                {"name":"hello-dep","vers":"1.0.0","deps":[],"cksum":"%s","features":{},"yanked":false}
                """
                        .formatted(HexFormat.of().formatHex(digest("SHA-256", crate))));
        file("crates.example/dl/hello-dep", crate);
    }

    private void npm() throws IOException {
        byte[] tarball =
                tarGz(
                        "package/package.json",
                        "{\"name\": \"hello-dep\", \"version\": \"1.0.0\"}",
                        "package/index.js",
                        "module.exports = 1\n");
        file(
                "npm.example/hello-dep",
                """
                {"name": "hello-dep", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {
                  "name": "hello-dep", "version": "1.0.0", "dist": {
                    "tarball": "https://npm.example:%s/hello-dep.tgz", "integrity": "sha512-%s"}}}}
                """
                        .formatted(
                                port,
                                Base64.getEncoder().encodeToString(digest("SHA-512", tarball))));
        file("npm.example/hello-dep.tgz", tarball);
    }

    /// PEP 503 and PEP 427.
    private void pypi() throws IOException {
        String name = "hello_dep-1.0.0-py3-none-any.whl";
        String info = "hello_dep-1.0.0.dist-info/";
        file(
                "pypi.example/files/" + name,
                zip(
                        "hello_dep.py",
                        "hello = 1\n",
                        info + "METADATA",
                        "Metadata-Version: 2.1\nName: hello-dep\nVersion: 1.0.0\n",
                        info + "WHEEL",
                        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                        info + "RECORD",
                        ""));
        file(
                "pypi.example/simple/hello-dep/index.html",
                "<!DOCTYPE html><html><body><a href=\"/files/%s\">%s</a></body></html>"
                        .formatted(name, name));
    }

    /// A parent is all that `mvn validate` needs: no plugin.
    private void maven() throws IOException {
        file(
                "maven.example/example/parent/1.0.0/parent-1.0.0.pom",
                """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>example</groupId>
                  <artifactId>parent</artifactId>
                  <version>1.0.0</version>
                  <packaging>pom</packaging>
                </project>
                """);
    }

    /// The GOPROXY protocol, go.dev/ref/mod.
    private void go() throws IOException {
        String module = "module hello.example/dep\n";
        String folder = "go.example/hello.example/dep/@v/";
        file(folder + "list", "v1.0.0\n");
        file(folder + "v1.0.0.info", "{\"Version\":\"v1.0.0\",\"Time\":\"2026-01-01T00:00:00Z\"}");
        file(folder + "v1.0.0.mod", module);
        file(
                folder + "v1.0.0.zip",
                zip(
                        "hello.example/dep@v1.0.0/go.mod",
                        module,
                        "hello.example/dep@v1.0.0/dep.go",
                        "package dep\n\nconst Hello = 1\n"));
    }

    /// A flat repository (sources.list(5)) that is trusted as it is.
    private void apt() throws Exception {
        Path tree = root.resolve("deb");
        file(
                "deb/DEBIAN/control",
                """
                Package: hello-dep
                Version: 1.0.0
                Architecture: all
                Maintainer: Nobody <nobody@example.org>
                Description: says hello
                """);
        file("deb/usr/share/hello-dep", "hello\n");
        Path deb = root.resolve("apt.example/hello-dep.deb");
        Files.createDirectories(deb.getParent());
        run("dpkg-deb", "--root-owner-group", "-b", tree.toString(), deb.toString());
        byte[] content = Files.readAllBytes(deb);
        file(
                "apt.example/Packages",
                Files.readString(tree.resolve("DEBIAN/control"))
                        + "Filename: ./hello-dep.deb\nSize: %d\nSHA256: %s\n"
                                .formatted(
                                        content.length,
                                        HexFormat.of().formatHex(digest("SHA-256", content))));
    }

    /// A bare repository that "dumb" HTTP clients can read too, of a crate.
    private void git() throws Exception {
        Path work = root.resolve("git-work");
        file("git-work/README", "hello\n");
        file(
                "git-work/Cargo.toml",
                "[package]\nname = \"hello-git\"\nversion = \"1.0.0\"\nedition = \"2021\"\n");
        file("git-work/src/lib.rs", "pub fn hello() {}\n");
        String bare = root.resolve("git.example/hello.git").toString();
        run("git", "-C", work.toString(), "init", "-q", "-b", "main");
        run("git", "-C", work.toString(), "add", "-A");
        run(
                "git",
                "-C",
                work.toString(),
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.org",
                "commit",
                "-qm",
                "hello");
        run("git", "clone", "-q", "--bare", work.toString(), bare);
        run("git", "-C", bare, "update-server-info");
    }

    private void file(String name, String text) throws IOException {
        file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void file(String name, byte[] content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /// @param entries name, text, name, text, …
    private static byte[] tarGz(String... entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (int i = 0; i < entries.length; i += 2) {
                byte[] text = entries[i + 1].getBytes(StandardCharsets.UTF_8);
                var entry = new TarArchiveEntry(entries[i]);
                entry.setSize(text.length);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(String... entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < entries.length; i += 2) {
                zip.putNextEntry(new ZipEntry(entries[i]));
                zip.write(entries[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] digest(String algorithm, byte[] content) {
        return Hash.by(algorithm).add(content).bytes();
    }

    static void run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command) + ": " + output).isZero();
    }
}
