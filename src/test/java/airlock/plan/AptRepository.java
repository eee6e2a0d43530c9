package airlock.plan;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A signed Debian archive of two packages: `greeting`, which depends on `tongue`.
public final class AptRepository {
    public static final String SUITE = "tiny";

    private final Path root;
    private final Path keys;
    private final String suite;

    private AptRepository(Path root, Path keys, String suite) {
        this.root = root;
        this.keys = keys;
        this.suite = suite;
    }

    /// An archive without packages, signed by the same key.
    AptRepository at(Path other, String otherSuite) {
        return new AptRepository(other, keys, otherSuite);
    }

    /// Creates an archive.
    ///
    /// @param root where `dists` and `pool` go
    /// @param keys a directory for the signing key; its path must be short, since gpg makes a
    ///     socket there
    public static AptRepository make(Path root, Path keys) throws Exception {
        assumeTrue(
                Files.exists(Path.of("/usr/bin/apt-ftparchive"))
                        && Files.exists(Path.of("/usr/bin/gpg-agent")),
                "no apt-ftparchive or gpg: apt-get install apt-utils gpg gpg-agent");
        Files.createDirectories(
                keys,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var repository = new AptRepository(root, keys, SUITE);
        repository.gpg("--quick-generate-key", "Tiny <tiny@example.org>", "ed25519", "sign");
        repository.add("tongue", "2.0", "");
        repository.add("greeting", "1:1.0-1", "Depends: tongue (>= 2) | no-such-package\n");
        repository.publish();
        return repository;
    }

    /// Adds a package with a file, `/usr/share/NAME/word`; [#publish] makes it known.
    void add(String name, String version, String more) throws Exception {
        Path tree = Files.createTempDirectory("package");
        Path control = Files.createDirectory(tree.resolve("DEBIAN")).resolve("control");
        Files.writeString(
                control,
                """
                Package: %s
                Version: %s
                Architecture: %s
                Maintainer: A <a@example.org>
                %sDescription: nothing
                """
                        .formatted(name, version, architecture(), more));
        Path word = tree.resolve("usr/share").resolve(name).resolve("word");
        Files.createDirectories(word.getParent());
        Files.writeString(word, name + " " + version + "\n");
        Path pool = Files.createDirectories(root.resolve("pool"));
        run(root, "dpkg-deb", "--build", "--root-owner-group", tree.toString(), pool.toString());
        run(root, "rm", "-r", tree.toString());
    }

    void publish() throws Exception {
        Path dists = root.resolve("dists/" + suite);
        Path binaries = dists.resolve("main/binary-" + architecture());
        Files.createDirectories(binaries);
        Files.write(binaries.resolve("Packages"), run(root, "apt-ftparchive", "packages", "pool"));
        String option = "APT::FTPArchive::Release::";
        byte[] release =
                run(
                        root,
                        "apt-ftparchive",
                        "-o" + option + "Suite=" + suite,
                        "-o" + option + "Codename=" + suite,
                        "-o" + option + "Components=main",
                        "-o" + option + "Architectures=" + architecture(),
                        "release",
                        dists.toString());
        Path unsigned = Files.write(keys.resolve("Release"), release);
        Files.deleteIfExists(dists.resolve("InRelease"));
        gpg("--clearsign", "--output", dists.resolve("InRelease").toString(), unsigned.toString());
    }

    /// The certificate for its signature.
    public String certificate() throws Exception {
        return new String(gpg("--armor", "--export"), StandardCharsets.US_ASCII);
    }

    /// The file of a package by the beginning of its name.
    Path file(String beginning) throws IOException {
        try (var files = Files.list(root.resolve("pool"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(beginning))
                    .findFirst()
                    .orElseThrow();
        }
    }

    public static String architecture() throws Exception {
        return new String(
                        run(Path.of("/"), "dpkg", "--print-architecture"),
                        StandardCharsets.US_ASCII)
                .strip();
    }

    private byte[] gpg(String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(List.of("gpg", "--homedir", keys.toString()));
        command.addAll(List.of("--batch", "--quiet", "--yes", "--passphrase", ""));
        command.addAll(List.of(arguments));
        return run(keys, command.toArray(String[]::new));
    }

    private static byte[] run(Path directory, String... command) throws Exception {
        var process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        byte[] output = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("failed: " + String.join(" ", command));
        }
        return output;
    }

    /// Ends gpg's agent.
    public void end() throws Exception {
        run(keys, "gpgconf", "--homedir", keys.toString(), "--kill", "gpg-agent");
    }
}
