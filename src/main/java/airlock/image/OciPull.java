package airlock.image;

import airlock.base.Hash;
import airlock.base.Json;
import airlock.base.Trees;
import airlock.image.OciReader.Blob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Makes an image of a container image in a registry. Its manifest is read first and its digest
/// taken here; what comes then is compared with that, piece by piece.
final class OciPull implements Making {
    /// As it is compressed.
    private static final long MOST_BYTES = 32L << 30;

    private static final int DEEPEST = 4;
    private static final String BLOBS = "blobs/sha256/";

    private final Pull pull;
    private final Reference reference;
    private final Reference pinned;
    private final byte[] manifest;
    private final List<Blob> blobs;
    private final Import.Become become;
    private final Box box;

    private OciPull(Pull pull, Reference pinned, byte[] manifest, Import.Become become, Box box) {
        this.pull = pull;
        this.reference = pull.parsed();
        this.pinned = pinned;
        this.manifest = manifest;
        this.blobs = OciReader.blobs(manifest);
        this.become = become;
        this.box = box;
    }

    /// Asks the registry what the name means at the moment.
    ///
    /// @param box around programs that read what was fetched
    static Import resolved(Pull pull, Import.Become become, Box box, Consumer<String> progress)
            throws IOException, InterruptedException {
        var wanted = pull.parsed();
        progress.accept("asking " + wanted.host() + " for " + wanted);
        Path home = Files.createTempDirectory("airlock-pull-");
        try (var skopeo = new Skopeo(pull, box, home)) {
            byte[] bytes = document(skopeo, wanted);
            var at = wanted.at(digest(bytes));
            var chosen = OciReader.chosen(bytes);
            for (int depth = 0; chosen.isPresent(); depth++) {
                if (depth == DEEPEST) {
                    throw new ImageException("the index of " + wanted + " goes too deep");
                }
                at = wanted.at("sha256:" + chosen.get());
                bytes = document(skopeo, at);
                chosen = OciReader.chosen(bytes);
            }
            progress.accept("it is " + at);
            var making = new OciPull(pull, at, bytes, become, box);
            making.checkSize();
            return new Import(making, Import.key(Import.CONTAINER, at.digest(), become));
        } finally {
            Trees.remove(home);
        }
    }

    private static byte[] document(Skopeo skopeo, Reference reference)
            throws IOException, InterruptedException {
        byte[] bytes = skopeo.manifest(reference);
        if (!reference.digest().isEmpty() && !reference.digest().equals(digest(bytes))) {
            throw new ImageException(
                    "the registry lies: what it gives as " + reference + " is " + digest(bytes));
        }
        return bytes;
    }

    private static String digest(byte[] bytes) {
        return "sha256:" + Hash.sha256(bytes);
    }

    private long size() {
        return blobs.stream().mapToLong(Blob::size).sum();
    }

    private void checkSize() {
        if (size() > MOST_BYTES) {
            throw new ImageException(
                    "%s has %d bytes, more than %d".formatted(pinned, size(), MOST_BYTES));
        }
    }

    @Override
    public Facts make(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(WORK));
        Path home = Files.createDirectory(work.resolve("pull"));
        Path fetched = home.resolve("image");
        var pace = new Pace("fetching " + pinned.path(), size(), progress, System::nanoTime);
        try (var skopeo = new Skopeo(pull, box, home)) {
            skopeo.copy(pinned, fetched, size(), pace);
        }
        Path layout = work.resolve("layout");
        arrange(fetched, layout);
        Trees.remove(home);
        String from = reference + ", fetched as " + pinned;
        return new OciImport(layout, become, from, box).make(directory, progress);
    }

    /// The manifest is the one that was pinned, and of what was fetched only the files that it
    /// names are taken; the import compares each with its name.
    private void arrange(Path fetched, Path layout) throws IOException {
        Files.createDirectories(layout.resolve(BLOBS));
        Files.write(layout.resolve(BLOBS + Hash.sha256(manifest)), manifest);
        var index = Map.of("manifests", List.of(Map.of("digest", pinned.digest())));
        Files.writeString(
                layout.resolve("index.json"),
                Json.MAPPER.writeValueAsString(index),
                StandardCharsets.UTF_8);
        for (Blob blob : blobs) {
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
}
