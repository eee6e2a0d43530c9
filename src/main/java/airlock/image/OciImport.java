package airlock.image;

import airlock.image.Facts.Container;
import airlock.image.ImageImports.NewImage;
import airlock.image.LayerTar.LayerBudget;
import airlock.image.LayerTar.Zstd;
import airlock.image.OciReader.OciBlobs;
import airlock.image.OciReader.OciImage;
import airlock.image.RootTree.RootNode;
import airlock.image.RootTree.RootNode.Folder;
import airlock.image.RootTree.RootNode.Meta;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Makes an image of a saved container image: its layers become one root file system. None of its
/// files is created on this machine: layers are read as streams, and mke2fs(8) gets an archive that
/// we write.
///
/// @param source a directory or an archive
/// @param from the origin, for people
/// @param box runs the programs that make the disk
record OciImport(Path source, NewImage target, String from, Sandbox box) {
    /// Directories that every image has, since the guest program mounts file systems there.
    private static final Map<String, Integer> FOLDERS =
            Map.of(
                    "dev", 0755, "proc", 0755, "sys", 0755, "run", 0755, "ci", 0755, "tmp", 01777,
                    "root", 0700, "etc", 0755);

    private static final List<String> TOOLS = List.of("bash", "sh", "tar", "cat", "git");
    private static final List<String> PLACES = List.of("usr/bin/", "bin/", "usr/local/bin/");
    private static final long LEAST_DISK_MIB = 8 << 10;
    private static final long MIB = 1 << 20;

    /// An `ENV` beyond this is left out.
    private static final int MOST_VARIABLES = 200;

    private static final int MOST_BYTES = 64 << 10;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    Facts make(Path directory, Consumer<String> progress) throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(ImageStore.WORK));
        progress.accept("reading " + source.getFileName());
        var budget = LayerBudget.standard();
        var zstd = new Zstd(box, work.resolve("zstd"));
        var blobs = OciBlobs.of(source, Files.createDirectory(work.resolve("blobs")), budget, zstd);
        var image = new OciReader(blobs).read();
        var layers = new Layers(image.layers(), blobs, zstd);
        var tree = new RootTree();
        layers.each(budget, progress, tree::add);
        if (!tree.lost().isEmpty()) {
            progress.accept(
                    "left out extended attributes, which mke2fs(8) does not support: "
                            + String.join(", ", tree.lost()));
        }
        var nodes = tree.nodes();
        FOLDERS.forEach(
                (path, mode) -> nodes.putIfAbsent(path, new Folder(new Meta(mode, 0, 0, 0))));
        var disk = SystemDisk.in(work, box);
        Path root = disk.home().resolve("root.tar");
        progress.accept("writing " + nodes.size() + " files");
        try (var out = new RootTar(nodes, root)) {
            out.begin();
            layers.each(LayerBudget.standard(), _ -> {}, out::add);
        }
        disk.make(root, size(nodes), directory.resolve(Image.DISK));
        target.writeBootFiles(directory);
        return facts(image, tree, progress);
    }

    @FunctionalInterface
    private interface LayerUse {
        void read(LayerTar tar) throws IOException;
    }

    private record Layers(List<OciReader.Layer> all, OciBlobs blobs, Zstd zstd) {
        /// Reads all layers and compares them with their digests.
        void each(LayerBudget budget, Consumer<String> progress, LayerUse use) throws IOException {
            int number = 0;
            for (var layer : all) {
                progress.accept("layer " + ++number + " of " + all.size());
                Path file = blobs.file(layer.file());
                try (var tar = new LayerTar(file, "layer " + number, budget, zstd)) {
                    use.read(tar);
                    String found = tar.sum();
                    if (!found.equals(layer.content())) {
                        throw new ImageException(
                                ("digest mismatch in the container image: layer %d is sha256 %s,"
                                                + " expected %s")
                                        .formatted(number, found, layer.content()));
                    }
                }
            }
        }
    }

    /// Twice the size of the files, in the notation of mke2fs(8).
    private static String size(NavigableMap<String, RootNode> nodes) {
        long bytes = 0;
        for (RootNode node : nodes.values()) {
            bytes += node instanceof RootNode.Content content ? content.size() : 0;
        }
        return Math.max(LEAST_DISK_MIB, 2 * bytes / MIB + nodes.size() / 64) + "M";
    }

    private Facts facts(OciImage image, RootTree tree, Consumer<String> progress) {
        var missing = TOOLS.stream().filter(tool -> !has(tree, tool)).toList();
        if (!missing.isEmpty()) {
            progress.accept(
                    "the image has no %s: actions that need one of them will say so"
                            .formatted(String.join(", ", missing)));
        }
        String shell = has(tree, "bash") ? "/bin/bash" : has(tree, "sh") ? "/bin/sh" : "";
        return target.facts(
                from + ", the container image sha256:" + image.digest(),
                new Facts.Software(
                        Collections.emptySortedMap(),
                        image.user().isEmpty() ? "root" : image.user(),
                        shell,
                        container(image, progress)),
                Facts.emulation(tree.nodes().keySet().stream()));
    }

    private static boolean has(RootTree tree, String tool) {
        return PLACES.stream().anyMatch(place -> tree.hasFile(place + tool));
    }

    private static Container container(OciImage image, Consumer<String> progress) {
        var environment = new TreeMap<String, String>();
        int left = 0;
        int bytes = 0;
        for (String line : image.environment()) {
            String name = line.substring(0, Math.max(0, line.indexOf('=')));
            String value = line.substring(Math.min(line.length(), name.length() + 1));
            int more = line.getBytes(StandardCharsets.UTF_8).length;
            if (VARIABLE.matcher(name).matches()
                    && value.indexOf('\0') < 0
                    && environment.size() < MOST_VARIABLES
                    && bytes + more <= MOST_BYTES) {
                environment.put(name, value);
                bytes += more;
            } else {
                left++;
            }
        }
        if (left > 0) {
            progress.accept(left + " lines of the image's ENV can't be variables here: left out");
        }
        String directory = image.directory();
        boolean isPath = directory.startsWith("/") && directory.length() <= 4000;
        return new Container(environment, isPath ? directory : "");
    }
}
