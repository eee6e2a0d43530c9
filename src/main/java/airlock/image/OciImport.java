package airlock.image;

import airlock.image.OciReader.OciImage;
import airlock.image.RootNode.Folder;
import airlock.image.RootNode.Meta;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;

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

    Facts make(Path directory, Consumer<String> progress) throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(ImageStore.WORK));
        progress.accept("reading " + source.getFileName());
        var budget = LayerBudget.standard();
        var zstd = new Zstd(box, work.resolve("zstd"));
        var blobs = OciBlobs.of(source, Files.createDirectory(work.resolve("blobs")), budget, zstd);
        var image = new OciReader(blobs).read();
        var layers = new Layers(image, blobs, zstd);
        var tree = tree(layers, budget, progress);
        var disk = SystemDisk.in(work, box);
        Path root = disk.home().resolve("root.tar");
        progress.accept("writing " + tree.size() + " files");
        write(layers, tree, root);
        disk.make(root, size(tree), directory.resolve(Image.DISK));
        target.writeBootFiles(directory);
        return facts(image, tree, progress);
    }

    private record Layers(OciImage image, OciBlobs blobs, Zstd zstd) {
        LayerTar open(OciReader.Layer layer, int number, LayerBudget budget) throws IOException {
            return new LayerTar(blobs.file(layer.file()), "layer " + number, budget, zstd);
        }
    }

    /// Reads all layers once and checks their digests.
    private static NavigableMap<String, RootNode> tree(
            Layers layers, LayerBudget budget, Consumer<String> progress) throws IOException {
        var tree = new RootTree();
        int number = 0;
        for (var layer : layers.image().layers()) {
            progress.accept("layer " + ++number + " of " + layers.image().layers().size());
            try (var tar = layers.open(layer, number, budget)) {
                tree.add(tar);
                same(layer, tar.sum(), number);
            }
        }
        if (!tree.lost().isEmpty()) {
            progress.accept(
                    "left out extended attributes, which mke2fs(8) does not support: "
                            + String.join(", ", tree.lost()));
        }
        FOLDERS.forEach(
                (path, mode) ->
                        tree.nodes().putIfAbsent(path, new Folder(new Meta(mode, 0, 0, 0))));
        return tree.nodes();
    }

    private static void same(OciReader.Layer layer, String found, int number) {
        if (!found.equals(layer.content())) {
            throw new ImageException(
                    "digest mismatch in the container image: layer %d is sha256 %s, expected %s"
                            .formatted(number, found, layer.content()));
        }
    }

    private static void write(Layers layers, NavigableMap<String, RootNode> tree, Path root)
            throws IOException {
        var again = LayerBudget.standard();
        try (var out = new RootTar(tree, root)) {
            out.begin();
            int number = 0;
            for (var layer : layers.image().layers()) {
                number++;
                try (var tar = layers.open(layer, number, again)) {
                    out.add(tar);
                    same(layer, tar.sum(), number);
                }
            }
        }
    }

    /// Twice the size of the files, in the notation of mke2fs(8).
    private static String size(NavigableMap<String, RootNode> tree) {
        long bytes = 0;
        for (RootNode node : tree.values()) {
            bytes += node instanceof RootNode.Content content ? content.size() : 0;
        }
        return Math.max(LEAST_DISK_MIB, 2 * bytes / MIB + tree.size() / 64) + "M";
    }

    private Facts facts(
            OciImage image, NavigableMap<String, RootNode> tree, Consumer<String> progress) {
        var missing = TOOLS.stream().filter(tool -> !has(tree, tool)).toList();
        if (!missing.isEmpty()) {
            progress.accept(
                    "the image has no "
                            + String.join(", ", missing)
                            + ": actions that need one of them will say so");
        }
        String shell = has(tree, "bash") ? "/bin/bash" : has(tree, "sh") ? "/bin/sh" : "";
        return target.facts(
                from + ", the container image sha256:" + image.digest(),
                new Facts.Software(
                        Collections.emptySortedMap(),
                        image.user().isEmpty() ? "root" : image.user(),
                        shell,
                        Container.of(image, progress)),
                JavaVm.files(tree.keySet().stream()));
    }

    private static boolean has(NavigableMap<String, RootNode> tree, String tool) {
        var paths = new RootPaths(tree);
        return PLACES.stream()
                .map(place -> paths.resolved(RootPaths.parts(place + tool)))
                .anyMatch(path -> tree.containsKey(path) && !(tree.get(path) instanceof Folder));
    }
}
