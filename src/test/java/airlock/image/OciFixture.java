package airlock.image;

import airlock.base.Hash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import tools.jackson.databind.json.JsonMapper;

/// Saves small container images, good ones and others.
public final class OciFixture {
    private final List<byte[]> layers = new ArrayList<>();
    private Packing packing = OciFixture::packed;
    private String user = "";
    private List<String> environment = List.of("A=b");

    /// The bytes of one layer's tar archive.
    public static final class Layer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream tar =
                new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());

        public Layer() {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
        }

        public Layer folder(String path) throws IOException {
            return entry(new TarArchiveEntry(path + "/", TarConstants.LF_DIR), "");
        }

        public Layer file(String path, String content) throws IOException {
            return entry(new TarArchiveEntry(path, true), content);
        }

        Layer link(String path, String target) throws IOException {
            return linked(path, TarConstants.LF_LINK, target);
        }

        public Layer symlink(String path, String target) throws IOException {
            return linked(path, TarConstants.LF_SYMLINK, target);
        }

        private Layer linked(String path, byte flag, String target) throws IOException {
            var entry = new TarArchiveEntry(path, flag, true);
            entry.setLinkName(target);
            return entry(entry, "");
        }

        Layer entry(TarArchiveEntry entry, String content) throws IOException {
            return entry(entry, content.getBytes(StandardCharsets.UTF_8));
        }

        public Layer entry(TarArchiveEntry entry, byte[] body) throws IOException {
            entry.setSize(body.length);
            tar.putArchiveEntry(entry);
            tar.write(body);
            tar.closeArchiveEntry();
            return this;
        }

        /// A file whose name needs no PAX header.
        private Layer plain(String path) throws IOException {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            tar.setAddPaxHeadersForNonAsciiNames(false);
            return file(path, "x");
        }

        byte[] bytes() throws IOException {
            tar.finish();
            return bytes.toByteArray();
        }
    }

    public OciFixture layer(Layer layer) throws IOException {
        layers.add(layer.bytes());
        return this;
    }

    public OciFixture raw(byte[]... more) {
        layers.addAll(List.of(more));
        return this;
    }

    /// A layer with one file that has such capabilities, or whatever bytes are there.
    static byte[] withCapability(String path, byte[] value) throws IOException {
        byte[] name = "SCHILY.xattr.security.capability=".getBytes(StandardCharsets.US_ASCII);
        int length = name.length + value.length + 5;
        var record = new ByteArrayOutputStream();
        record.writeBytes("%03d ".formatted(length).getBytes(StandardCharsets.US_ASCII));
        record.writeBytes(name);
        record.writeBytes(value);
        record.write('\n');
        return new Layer()
                .entry(
                        new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC),
                        record.toByteArray())
                .plain(path)
                .bytes();
    }

    public OciFixture user(String name) {
        user = name;
        return this;
    }

    public OciFixture environment(String... lines) {
        environment = List.of(lines);
        return this;
    }

    /// Compresses a layer.
    @FunctionalInterface
    interface Packing {
        byte[] packed(byte[] layer) throws IOException;
    }

    OciFixture packing(Packing other) {
        packing = other;
        return this;
    }

    /// As zstd(1) does it.
    static byte[] byZstd(byte[] bytes, String... options) throws IOException {
        var command = new ArrayList<>(List.of("zstd", "-qc"));
        command.addAll(List.of(options));
        var process = new ProcessBuilder(command).start();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (var in = process.getOutputStream()) {
                                in.write(bytes);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        return process.getInputStream().readAllBytes();
    }

    static String sum(byte[] bytes) {
        return Hash.sha256(bytes);
    }

    static byte[] packed(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private byte[] config() {
        return json(
                Map.of(
                        "architecture",
                        "amd64",
                        "os",
                        "linux",
                        "config",
                        Map.of("User", user, "Env", environment, "WorkingDir", "/w"),
                        "rootfs",
                        Map.of(
                                "type",
                                "layers",
                                "diff_ids",
                                layers.stream().map(l -> "sha256:" + sum(l)).toList())));
    }

    static byte[] json(Object value) {
        return JsonMapper.shared().writeValueAsBytes(value);
    }

    private static final String OCI = "application/vnd.oci.image.";
    static final String INDEX = OCI + "index.v1+json";
    static final String MANIFEST = OCI + "manifest.v1+json";

    static Map<String, Object> descriptor(String type, byte[] blob) {
        return new LinkedHashMap<>(
                Map.of(
                        "mediaType",
                        type,
                        "digest",
                        "sha256:" + sum(blob),
                        "size",
                        (long) blob.length));
    }

    /// The blobs of a registry: layers and configuration.
    List<byte[]> blobs() throws IOException {
        var blobs = new ArrayList<byte[]>();
        for (byte[] layer : layers) {
            blobs.add(packing.packed(layer));
        }
        blobs.add(config());
        return blobs;
    }

    byte[] manifest() throws IOException {
        var described = new ArrayList<Map<String, Object>>();
        for (byte[] layer : layers) {
            described.add(descriptor(OCI + "layer.v1.tar+gzip", packing.packed(layer)));
        }
        return json(
                Map.of(
                        "schemaVersion",
                        2,
                        "mediaType",
                        MANIFEST,
                        "config",
                        descriptor(OCI + "config.v1+json", config()),
                        "layers",
                        described));
    }

    /// Its files in OCI's layout, by their names.
    public Map<String, byte[]> oci() throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("oci-layout", json(Map.of("imageLayoutVersion", "1.0.0")));
        for (byte[] blob : blobs()) {
            files.put("blobs/sha256/" + sum(blob), blob);
        }
        byte[] manifest = manifest();
        files.put("blobs/sha256/" + sum(manifest), manifest);
        var here = descriptor(MANIFEST, manifest);
        here.put("platform", Map.of("os", "linux", "architecture", "amd64"));
        byte[] other = json(Map.of("config", Map.of(), "layers", List.of()));
        var elsewhere = descriptor(MANIFEST, other);
        elsewhere.put("platform", Map.of("os", "linux", "architecture", "arm64"));
        byte[] index = json(Map.of("manifests", List.of(elsewhere, here)));
        files.put("blobs/sha256/" + sum(index), index);
        files.put("index.json", json(Map.of("manifests", List.of(descriptor(INDEX, index)))));
        return files;
    }

    /// Its files as Docker saves them.
    Map<String, byte[]> docker() {
        var files = new LinkedHashMap<String, byte[]>();
        byte[] config = config();
        files.put(sum(config) + ".json", config);
        var names = new ArrayList<String>();
        for (int i = 0; i < layers.size(); i++) {
            names.add("layer" + i + "/layer.tar");
            files.put(names.getLast(), layers.get(i));
        }
        files.put(
                "manifest.json",
                json(List.of(Map.of("Config", sum(config) + ".json", "Layers", names))));
        return files;
    }

    public static Path archive(Map<String, byte[]> files, Path target) throws IOException {
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(target))) {
            for (var file : files.entrySet()) {
                var entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return target;
    }

    static Path directory(Map<String, byte[]> files, Path target) throws IOException {
        for (var file : files.entrySet()) {
            Path path = target.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return target;
    }
}
