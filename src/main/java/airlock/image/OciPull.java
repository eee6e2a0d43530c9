package airlock.image;

import airlock.base.Hash;
import airlock.base.Json;
import airlock.base.Trees;
import airlock.image.ImageImports.NewImage;
import airlock.image.ImageImports.Pull;
import airlock.image.OciReader.Blob;
import airlock.sandbox.Sandbox;
import airlock.text.SafeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Makes an image of a container image in a registry. Reads the manifest first, pins its digest,
/// and compares everything else with the digests in it.
///
/// @param pinned the reference, with the manifest's digest
/// @param box runs the programs that read what was fetched
record OciPull(Pull pull, Reference pinned, byte[] manifest, NewImage target, Sandbox box) {
    private static final long MOST_BYTES = 32L << 30; // in compressed form
    private static final String BLOBS = "blobs/sha256/";

    /// Asks the registry which manifest the reference means now.
    static OciPull resolved(Pull pull, NewImage target, Sandbox box, Consumer<String> progress)
            throws IOException, InterruptedException {
        var wanted = pull.parsed();
        progress.accept("asking " + wanted.host() + " for " + wanted);
        Path home = Files.createTempDirectory("airlock-pull-");
        try (var skopeo = new Skopeo(pull, box, home)) {
            byte[] bytes =
                    OciReader.manifest(
                            document(skopeo, wanted),
                            digest -> document(skopeo, wanted.at("sha256:" + digest)));
            var at = wanted.at(digest(bytes));
            progress.accept("it is " + at);
            var resolved = new OciPull(pull, at, bytes, target, box);
            resolved.checkSize();
            return resolved;
        } finally {
            Trees.remove(home);
        }
    }

    private static byte[] document(Skopeo skopeo, Reference reference)
            throws IOException, InterruptedException {
        byte[] bytes = skopeo.manifest(reference);
        if (!reference.digest().isEmpty() && !reference.digest().equals(digest(bytes))) {
            throw new ImageException(
                    "digest mismatch: the registry answers %s with %s"
                            .formatted(reference, digest(bytes)));
        }
        return bytes;
    }

    private static String digest(byte[] bytes) {
        return "sha256:" + Hash.sha256(bytes);
    }

    /// The digest of the manifest, `sha256:` and 64 digits.
    String digest() {
        return pinned.digest();
    }

    private long size() {
        return OciReader.blobs(manifest).stream().mapToLong(Blob::size).sum();
    }

    private void checkSize() {
        if (size() > MOST_BYTES) {
            throw new ImageException(
                    "%s has %d bytes, more than %d".formatted(pinned, size(), MOST_BYTES));
        }
    }

    Facts make(Path directory, Consumer<String> progress) throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(ImageStore.WORK));
        Path home = Files.createDirectory(work.resolve("pull"));
        Path fetched = home.resolve("image");
        var pace = new Pace("fetching " + pinned.path(), size(), progress, System::nanoTime);
        try (var skopeo = new Skopeo(pull, box, home)) {
            skopeo.copy(pinned, fetched, size(), pace);
        }
        Path layout = work.resolve("layout");
        arrange(fetched, layout);
        Trees.remove(home);
        String from = pull.parsed() + ", fetched as " + pinned;
        return new OciImport(layout, target, from, box).make(directory, progress);
    }

    /// Makes OCI's layout of the pinned manifest and the files that it names. The import compares
    /// each with its digest.
    private void arrange(Path fetched, Path layout) throws IOException {
        Files.createDirectories(layout.resolve(BLOBS));
        Files.write(layout.resolve(BLOBS + Hash.sha256(manifest)), manifest);
        var index = Map.of("manifests", List.of(Map.of("digest", pinned.digest())));
        Files.writeString(
                layout.resolve("index.json"),
                Json.MAPPER.writeValueAsString(index),
                StandardCharsets.UTF_8);
        for (Blob blob : OciReader.blobs(manifest)) {
            Path file = fetched.resolve(blob.sha256());
            Path place = layout.resolve(BLOBS + blob.sha256());
            // two layers may be the same
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(file, place);
            } else if (!Files.exists(place)) {
                throw new ImageException("skopeo did not fetch " + blob.sha256());
            }
        }
    }

    /// The name of a container image in a registry: `HOST[:PORT]/PATH[:TAG][@sha256:DIGEST]`.
    ///
    /// @param host with its port, if any
    /// @param tag empty if there is a digest
    /// @param digest `sha256:` and 64 digits, or empty
    record Reference(String host, String path, String tag, String digest) {
        private static final Pattern FORM =
                Pattern.compile(
                        "([A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\\[::1](?::[0-9]{1,5})?)"
                                + "/([a-z0-9][a-z0-9._/-]{0,254})"
                                + "(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
                                + "(?:@(sha256:[0-9a-f]{64}))?");
        private static final Pattern LOOPBACK =
                Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1])(?::[0-9]+)?");
        private static final String SCHEME = "docker://";

        /// @throws ImageException if it is invalid
        static Reference parse(String text) {
            String plain = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
            var form = FORM.matcher(plain);
            if (!form.matches() || !isHost(form.group(1)) || form.group(2).endsWith("/")) {
                throw new ImageException(
                        SafeText.quoted(text, SafeText.SAID)
                                + " names no container image with its registry, as"
                                + " registry.example/alpine:3 does");
            }
            String digest = form.group(4) == null ? "" : form.group(4);
            String tag = form.group(3) == null ? "latest" : form.group(3);
            return new Reference(form.group(1), form.group(2), digest.isEmpty() ? tag : "", digest);
        }

        /// Other first parts are paths on a default registry, which we do not have.
        private static boolean isHost(String text) {
            return text.indexOf('.') >= 0 || text.indexOf(':') >= 0 || text.equals("localhost");
        }

        boolean isLoopback() {
            return LOOPBACK.matcher(host).matches();
        }

        /// The image with this digest in the same repository.
        Reference at(String other) {
            return new Reference(host, path, "", other);
        }

        @Override
        public String toString() {
            return host + "/" + path + (digest.isEmpty() ? ":" + tag : "@" + digest);
        }
    }
}
