package airlock.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// skopeo(1) of Debian's, which talks to a registry. It reads what strangers say, so it has walls
/// around it, and nothing that it says or writes is believed.
final class Skopeo implements AutoCloseable {
    private static final int LONGEST_MANIFEST = 4 << 20;
    private static final int LONGEST_CREDENTIALS = 1 << 20;
    private static final int SHOWN = 2000;

    /// What it may write beyond what the manifest says.
    private static final long SLACK = 64L << 20;

    private static final long LOOK = 500;
    private static final Duration SILENCE = Duration.ofMinutes(5);

    /// Certificates and mirrors of the operator's.
    private static final List<Path> READS =
            List.of(Path.of("/etc/containers"), Path.of("/etc/docker/certs.d"));

    private static final List<String> PLACES = Tool.places();

    private final Pull pull;
    private final Path home;

    /// @param home an empty directory
    Skopeo(Pull pull, Path home) throws IOException {
        this.pull = pull;
        this.home = home;
        if (PLACES.stream().noneMatch(p -> Files.isExecutable(Path.of(p, "skopeo")))) {
            throw new ImageException(
                    "skopeo, which fetches container images, is not here; install it: apt-get"
                            + " install skopeo");
        }
        Files.createDirectory(home.resolve("tmp"));
        Files.createFile(
                authentication(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(authentication(), credentials());
    }

    private Path authentication() {
        return home.resolve("auth.json");
    }

    private byte[] credentials() {
        if (pull.credentials().isEmpty()) {
            return "{}".getBytes(StandardCharsets.UTF_8);
        }
        Path file = pull.credentials().get();
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST_CREDENTIALS + 1);
            if (bytes.length > LONGEST_CREDENTIALS) {
                throw new ImageException(file + " is no file of credentials: it is too long");
            }
            return bytes;
        } catch (IOException e) {
            throw new ImageException("cannot read the credentials " + file + ": " + e, e);
        }
    }

    /// The bytes of a manifest, or of an index of them.
    byte[] manifest(Reference reference) throws IOException, InterruptedException {
        var process = start("inspect", List.of("--raw"), reference, List.of());
        var watch = new Watch(process, LONGEST_MANIFEST + 1);
        watch.await(() -> 0, Long.MAX_VALUE);
        if (watch.out().length > LONGEST_MANIFEST) {
            throw new ImageException(
                    "the manifest of " + reference + " is longer than " + LONGEST_MANIFEST);
        }
        watch.checkEnd("the manifest of " + reference);
        return watch.out();
    }

    /// Fetches the manifest's files, each called by its digest. As they are: what is changed on
    /// the way can't be compared with a digest.
    ///
    /// @param target a directory that is made
    /// @param bytes how many there are, as the manifest says
    void copy(Reference reference, Path target, long bytes, Pace pace)
            throws IOException, InterruptedException {
        var process =
                start(
                        "copy",
                        List.of("--quiet", "--retry-times", "3"),
                        reference,
                        List.of("dir:" + target));
        var watch = new Watch(process, SHOWN);
        watch.await(
                () -> {
                    long there = written(target);
                    pace.add(there - watch.seen());
                    return there;
                },
                bytes + SLACK);
        watch.checkEnd(reference.toString());
    }

    /// What lies in it so far, with what is on its way.
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
            // a file got its name meanwhile
            return 0;
        }
        return bytes;
    }

    private Process start(
            String command, List<String> options, Reference reference, List<String> after)
            throws IOException {
        var line = new ArrayList<>(List.of("env", "HOME=" + home, "skopeo"));
        // whose signatures count is no question that is asked here: the digest is pinned
        line.addAll(List.of("--insecure-policy", "--tmpdir", home.resolve("tmp").toString()));
        line.add(command);
        line.addAll(List.of("--authfile", authentication().toString()));
        if (pull.insecure()) {
            line.add(command.equals("copy") ? "--src-tls-verify=false" : "--tls-verify=false");
        }
        line.addAll(options);
        line.add("docker://" + reference);
        line.addAll(after);
        return pull.walls().start(home, READS, line);
    }

    /// The credentials go at once.
    @Override
    public void close() {
        try {
            StoreFiles.remove(authentication());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + authentication(), e);
        }
    }

    /// How many bytes are there.
    @FunctionalInterface
    private interface Written {
        long bytes();
    }

    /// Waits for its end.
    private static final class Watch {
        private final Process process;
        private final CompletableFuture<byte[]> out;
        private final CompletableFuture<byte[]> errors;
        private long seen;

        Watch(Process process, int mostOut) {
            this.process = process;
            this.out = reading(process.getInputStream(), mostOut, false);
            this.errors = reading(process.getErrorStream(), SHOWN, true);
        }

        long seen() {
            return seen;
        }

        void await(Written written, long most) throws IOException, InterruptedException {
            long silent = System.nanoTime();
            try {
                process.getOutputStream().close();
                while (!process.waitFor(LOOK, TimeUnit.MILLISECONDS)) {
                    long there = Math.max(seen, written.bytes());
                    if (there > most) {
                        throw new ImageException(
                                "the registry sends more than the " + most + " bytes it speaks of");
                    }
                    if (there > seen) {
                        silent = System.nanoTime();
                    }
                    if (System.nanoTime() - silent > SILENCE.toNanos()) {
                        throw new ImageException("the registry said nothing for " + SILENCE);
                    }
                    seen = there;
                }
            } finally {
                var all = process.descendants().toList();
                process.destroyForcibly();
                all.forEach(ProcessHandle::destroyForcibly);
                process.waitFor();
            }
        }

        byte[] out() {
            return out.join();
        }

        void checkEnd(String what) {
            if (process.exitValue() != 0) {
                String text = new String(errors.join(), StandardCharsets.UTF_8).strip();
                throw new ImageException(
                        "skopeo could not fetch %s, code %d: %s"
                                .formatted(
                                        what,
                                        process.exitValue(),
                                        text.replaceAll("[\\p{Cntrl}&&[^\\n]]", "?")));
            }
        }

        /// The first of it.
        ///
        /// @param drains whether the rest is read and forgotten, else nobody reads it
        private static CompletableFuture<byte[]> reading(InputStream in, int most, boolean drains) {
            var all = new CompletableFuture<byte[]>();
            Thread.ofVirtual()
                    .name("skopeo")
                    .start(
                            () -> {
                                var kept = new ByteArrayOutputStream();
                                try (in) {
                                    kept.write(in.readNBytes(most));
                                    if (drains) {
                                        in.transferTo(OutputStream.nullOutputStream());
                                    }
                                } catch (IOException _) {
                                    // it was ended
                                } finally {
                                    all.complete(kept.toByteArray());
                                }
                            });
            return all;
        }
    }
}
