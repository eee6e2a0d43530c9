package airlock.image;

import airlock.base.Hash;
import airlock.base.Json;
import airlock.image.LayerTar.LayerBudget;
import airlock.image.LayerTar.Zstd;
import airlock.text.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads the documents of a saved container image: OCI's layout (image-spec, image-layout.md), or
/// `manifest.json` of `docker save`. Compares every document with the digest that names it.
final class OciReader {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String SYSTEM = "linux";
    private static final String PROCESSOR = "amd64";
    private static final int DEEPEST = 5;
    private static final int MOST_LAYERS = 500;

    private final OciBlobs blobs;

    /// A container image as its documents describe it.
    ///
    /// @param digest SHA-256 of its configuration
    /// @param layers lowest first
    /// @param user its `USER`, empty for root
    /// @param environment its `ENV`, `NAME=value` each
    /// @param directory its `WORKDIR`, empty for none
    record OciImage(
            String digest,
            List<Layer> layers,
            String user,
            List<String> environment,
            String directory) {
        OciImage {
            layers = List.copyOf(layers);
            environment = List.copyOf(environment);
        }
    }

    /// A layer of a container image.
    ///
    /// @param file its name among the image's files
    /// @param content SHA-256 of its uncompressed tar archive
    record Layer(String file, String content) {}

    /// A file that a manifest names.
    ///
    /// @param size in bytes, as the manifest says
    record Blob(String sha256, long size) {}

    OciReader(OciBlobs blobs) {
        this.blobs = blobs;
    }

    OciImage read() throws IOException, InterruptedException {
        try {
            if (blobs.has("index.json")) {
                return ofManifest(Json.read(manifest(blobs.small("index.json"), this::named)));
            }
            if (blobs.has("manifest.json")) {
                return ofDocker(Json.read(blobs.small("manifest.json")));
            }
        } catch (JacksonException e) {
            throw damaged(e);
        }
        throw new ImageException(
                "no container image: there is neither index.json (OCI) nor manifest.json (Docker)");
    }

    /// Gives the document with a digest of 64 digits.
    @FunctionalInterface
    interface Documents {
        byte[] of(String digest) throws IOException, InterruptedException;
    }

    /// The manifest for this machine's platform.
    ///
    /// @param start an index or already a manifest
    static byte[] manifest(byte[] start, Documents documents)
            throws IOException, InterruptedException {
        byte[] bytes = start;
        for (int depth = 0; depth <= DEEPEST; depth++) {
            var document = document(bytes);
            if (!document.has("manifests")) {
                return bytes;
            }
            bytes = documents.of(digest(Json.text(chosen(document), "digest")));
        }
        throw new ImageException("the container image's index goes in a circle or too deep");
    }

    static List<Blob> blobs(byte[] bytes) {
        var manifest = document(bytes);
        var all = new ArrayList<JsonNode>(List.of(manifest.path("config")));
        manifest.path("layers").forEach(all::add);
        if (!manifest.has("config") || all.size() > MOST_LAYERS) {
            throw new ImageException(
                    "the container image's manifest has an unknown format: "
                            + SafeText.line(Json.text(manifest, "mediaType"), SafeText.SAID));
        }
        var blobs = new ArrayList<Blob>();
        for (JsonNode descriptor : all) {
            long size = descriptor.path("size").asLong(0);
            if (size < 0 || size > 1L << 40) {
                throw new ImageException("the container image has a part of " + size + " bytes");
            }
            blobs.add(new Blob(digest(Json.text(descriptor, "digest")), size));
        }
        return blobs;
    }

    private static JsonNode document(byte[] bytes) {
        try {
            return Json.read(bytes);
        } catch (JacksonException e) {
            throw damaged(e);
        }
    }

    private static ImageException damaged(JacksonException e) {
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new ImageException("the container image has a damaged document: " + why, e);
    }

    private static JsonNode chosen(JsonNode index) {
        var all = List.copyOf(index.path("manifests").values());
        var fitting = all.stream().filter(OciReader::fits).toList();
        boolean one = all.size() == 1 && !all.getFirst().has("platform");
        var chosen = fitting.isEmpty() && one ? all : fitting;
        if (chosen.isEmpty()) {
            throw new ImageException(
                    "the container image has none for " + SYSTEM + "/" + PROCESSOR);
        }
        return chosen.getFirst();
    }

    private static boolean fits(JsonNode descriptor) {
        var platform = descriptor.path("platform");
        return Json.text(platform, "os").equals(SYSTEM)
                && Json.text(platform, "architecture").equals(PROCESSOR);
    }

    private OciImage ofManifest(JsonNode manifest) {
        var files =
                manifest.path("layers")
                        .valueStream()
                        .map(layer -> blob(digest(Json.text(layer, "digest"))))
                        .toList();
        return image(named(digest(Json.text(manifest.path("config"), "digest"))), files);
    }

    private OciImage ofDocker(JsonNode manifest) {
        if (!manifest.isArray() || manifest.size() != 1) {
            throw new ImageException(
                    "the archive holds " + manifest.size() + " container images; save one alone");
        }
        return image(
                blobs.small(Json.text(manifest.get(0), "Config")),
                texts(manifest.get(0).path("Layers")));
    }

    private OciImage image(byte[] bytes, List<String> files) {
        var config = Json.read(bytes);
        String processor = Json.text(config, "architecture");
        if (!processor.isEmpty() && !processor.equals(PROCESSOR)) {
            throw new ImageException(
                    "the container image is for %s, not %s"
                            .formatted(SafeText.line(processor, SafeText.SAID), PROCESSOR));
        }
        var contents = texts(config.path("rootfs").path("diff_ids"));
        if (contents.size() != files.size() || files.isEmpty() || files.size() > MOST_LAYERS) {
            throw new ImageException(
                    "the container image names %d layers and the content of %d"
                            .formatted(files.size(), contents.size()));
        }
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < files.size(); i++) {
            layers.add(new Layer(files.get(i), digest(contents.get(i))));
        }
        var runs = config.path("config");
        return new OciImage(
                Hash.sha256(bytes),
                layers,
                Json.text(runs, "User"),
                texts(runs.path("Env")),
                Json.text(runs, "WorkingDir"));
    }

    private byte[] named(String expected) {
        byte[] bytes = blobs.small(blob(expected));
        String found = Hash.sha256(bytes);
        if (!found.equals(expected)) {
            throw new ImageException(
                    "digest mismatch in the container image: %s is sha256 %s"
                            .formatted(blob(expected), found));
        }
        return bytes;
    }

    private static String blob(String digest) {
        return "blobs/sha256/" + digest;
    }

    private static String digest(String text) {
        if (!DIGEST.matcher(text).matches()) {
            throw new ImageException("the container image has a digest that is not sha256");
        }
        return text.substring("sha256:".length());
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(item -> item.isString() ? item.stringValue() : "").toList();
    }

    /// The files of a saved container image: a directory in OCI's layout, or an archive in OCI's or
    /// Docker's, whose files are extracted to numbered files.
    static final class OciBlobs {
        private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_+][A-Za-z0-9._+-]*/?)+");
        private static final int LONGEST_NAME = 300;
        private static final int LONGEST_JSON = 4 << 20;

        private final Path directory;
        private final Map<String, Path> copied;

        private OciBlobs(Path directory, Map<String, Path> copied) {
            this.directory = directory;
            this.copied = copied;
        }

        /// @param work an empty directory for the files of an archive
        static OciBlobs of(Path source, Path work, LayerBudget budget, Zstd zstd)
                throws IOException {
            if (Files.isDirectory(source)) {
                return new OciBlobs(source, Map.of());
            }
            var copied = new HashMap<String, Path>();
            try (var tar =
                    new LayerTar(source, String.valueOf(source.getFileName()), budget, zstd)) {
                tar.each(
                        (_, entry) -> {
                            String name = entry.getName().replaceFirst("^\\./", "");
                            if (entry.isFile() && isName(name)) {
                                Path file = work.resolve(Integer.toString(copied.size()));
                                Files.copy(tar.content(), file);
                                copied.put(name, file);
                            } else if (entry.isLink() || entry.isSymbolicLink()) {
                                link(name, entry.getLinkName(), copied);
                            }
                        });
            }
            return new OciBlobs(work, copied);
        }

        /// Old versions of Docker save each layer once and link to it: `../OTHER/layer.tar`.
        private static void link(String name, String target, Map<String, Path> copied) {
            var there = copied.get(target.replaceFirst("^\\.\\./", ""));
            if (there != null && isName(name)) {
                copied.putIfAbsent(name, there);
            }
        }

        private static boolean isName(String name) {
            return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
        }

        boolean has(String name) {
            return isName(name)
                    && (copied.isEmpty()
                            ? Files.isRegularFile(
                                    directory.resolve(name), LinkOption.NOFOLLOW_LINKS)
                            : copied.containsKey(name));
        }

        Path file(String name) {
            if (!has(name)) {
                throw new ImageException(
                        "the container image lacks " + SafeText.line(name, SafeText.SAID));
            }
            return copied.getOrDefault(name, directory.resolve(name));
        }

        byte[] small(String name) {
            return StoreFiles.small(file(name), LONGEST_JSON);
        }
    }
}
