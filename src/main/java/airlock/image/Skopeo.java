package airlock.image;

import airlock.base.OwnFiles;
import airlock.base.Trees;
import airlock.image.ImageImports.Pull;
import airlock.image.OciPull.Reference;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Fetches from a registry with skopeo(1), in a sandbox, since it reads untrusted data. Nothing
/// that it prints or writes is trusted.
final class Skopeo implements AutoCloseable {
    private static final int LONGEST_MANIFEST = 4 << 20;
    private static final int LONGEST_CREDENTIALS = 1 << 20;
    private static final int SHOWN = 100;

    /// Bytes that it may write beyond those in the manifest.
    private static final long SLACK = 64L << 20;

    private static final String SILENT = "the registry said nothing";

    /// The operator's certificates and mirrors.
    private static final List<Path> READS =
            List.of(Path.of("/etc/containers"), Path.of("/etc/docker/certs.d"));

    private static final Tool SKOPEO = new Tool("skopeo");

    private final Pull pull;
    private final Sandbox box;
    private final Path home;

    Skopeo(Pull pull, Sandbox box, Path home) throws IOException {
        this.pull = pull;
        this.box = box;
        this.home = home;
        SKOPEO.requireHere("skopeo fetches container images");
        Files.createDirectory(home.resolve("tmp"));
        OwnFiles.write(
                authentication(),
                pull.credentials().isPresent()
                        ? StoreFiles.small(pull.credentials().get(), LONGEST_CREDENTIALS)
                        : "{}".getBytes(StandardCharsets.UTF_8));
    }

    private Path authentication() {
        return home.resolve("auth.json");
    }

    byte[] manifest(Reference reference) throws IOException, InterruptedException {
        var process = start("inspect", List.of("--raw"), reference, List.of());
        var watch = new WalledProgram("skopeo", process, LONGEST_MANIFEST + 1);
        watch.await(() -> 0, Long.MAX_VALUE, SILENT);
        if (watch.out().length > LONGEST_MANIFEST) {
            throw new ImageException(
                    "the manifest of " + reference + " is longer than " + LONGEST_MANIFEST);
        }
        watch.checkEnd("cannot fetch the manifest of " + reference);
        return watch.out();
    }

    /// Fetches the files of a manifest unchanged, since their digests are checked, and names them
    /// by digest.
    ///
    /// @param target a directory that is created
    /// @param bytes their total size in the manifest
    void copy(Reference reference, Path target, long bytes, Pace pace)
            throws IOException, InterruptedException {
        var process =
                start(
                        "copy",
                        List.of("--quiet", "--retry-times", "3"),
                        reference,
                        List.of("dir:" + target));
        var watch = new WalledProgram("skopeo", process, SHOWN);
        watch.await(
                () -> {
                    long there = written(target);
                    pace.add(there - watch.seen());
                    return there;
                },
                bytes + SLACK,
                SILENT);
        watch.checkEnd("cannot fetch " + reference);
    }

    /// Bytes in the directory so far, including unfinished files.
    private static long written(Path target) {
        if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        long bytes = 0;
        try (var files = Files.newDirectoryStream(target)) {
            for (Path file : files) {
                bytes +=
                        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
            }
        } catch (IOException | DirectoryIteratorException _) {
            // a file was renamed meanwhile
            return 0;
        }
        return bytes;
    }

    private Process start(
            String command, List<String> options, Reference reference, List<String> after)
            throws IOException {
        var line = new ArrayList<>(List.of("env", "HOME=" + home, "skopeo"));
        // no signature policy: the digest is pinned
        line.addAll(List.of("--insecure-policy", "--tmpdir", home.resolve("tmp").toString()));
        line.add(command);
        line.addAll(List.of("--authfile", authentication().toString()));
        if (pull.insecure()) {
            line.add(command.equals("copy") ? "--src-tls-verify=false" : "--tls-verify=false");
        }
        line.addAll(options);
        line.add("docker://" + reference);
        line.addAll(after);
        return box.start(home, READS, line);
    }

    @Override
    public void close() {
        try {
            Trees.remove(authentication());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + authentication(), e);
        }
    }
}
