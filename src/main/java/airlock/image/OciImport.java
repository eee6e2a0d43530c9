package airlock.image;

import airlock.image.RootNode.Folder;
import airlock.image.RootNode.Meta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes an image of a container image that was saved: its layers become one root file system,
/// which starts with the kernel and the guest program of an image that is there. No file of it is
/// made on this machine: layers are read as streams, and mke2fs(8) gets an archive of our own.
final class OciImport implements Making {
    /// Where the guest program mounts things.
    private static final Map<String, Integer> FOLDERS =
            Map.of(
                    "dev", 0755, "proc", 0755, "sys", 0755, "run", 0755, "ci", 0755, "tmp", 01777,
                    "root", 0700, "etc", 0755);

    private static final List<String> TOOLS = List.of("bash", "sh", "tar", "cat", "git");
    private static final List<String> PLACES = List.of("usr/bin/", "bin/", "usr/local/bin/");
    private static final long LEAST_DISK_MIB = 8 << 10;
    private static final long MIB = 1 << 20;

    private final Path source;
    private final Import.Become become;
    private final String from;
    private final Box box;

    /// @param source a directory or an archive
    /// @param from where it came from, for people
    /// @param box around the programs that make the disk
    OciImport(Path source, Import.Become become, String from, Box box) {
        this.source = source;
        this.become = become;
        this.from = from;
        this.box = box;
    }

    @Override
    public Facts make(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(WORK));
        progress.accept("reading " + source.getFileName());
        var bounds = Bounds.standard();
        var zstd = new Zstd(box, work.resolve("zstd"));
        var blobs = OciBlobs.of(source, Files.createDirectory(work.resolve("blobs")), bounds, zstd);
        var image = new OciReader(blobs).read();
        var layers = new Layers(image, blobs, zstd);
        var tree = tree(layers, bounds, progress);
        var disk = SystemDisk.in(work, box);
        Path root = disk.home().resolve("root.tar");
        progress.accept("writing " + tree.size() + " files");
        write(layers, tree, root);
        disk.make(root, size(tree), directory.resolve(Image.DISK));
        var boot = become.kernel().boot();
        Files.copy(boot.kernel(), directory.resolve(Image.KERNEL));
        Initramfs.renew(
                boot.initramfs(), become.guestProgram(), directory.resolve(Image.INITRAMFS));
        return facts(image, tree, progress);
    }

    /// The layers of an image, each opened as often as needed.
    private record Layers(OciImage image, OciBlobs blobs, Zstd zstd) {
        LayerTar open(OciImage.Layer layer, int number, Bounds bounds) throws IOException {
            return new LayerTar(blobs.file(layer.file()), "layer " + number, bounds, zstd);
        }
    }

    /// Reads all layers once, which also shows whether they are what the image says.
    private static NavigableMap<String, RootNode> tree(
            Layers layers, Bounds bounds, Consumer<String> progress) throws IOException {
        var tree = new RootTree();
        int number = 0;
        for (var layer : layers.image().layers()) {
            progress.accept("layer " + ++number + " of " + layers.image().layers().size());
            try (var tar = layers.open(layer, number, bounds)) {
                tree.add(tar);
                same(layer, tar.sum(), number);
            }
        }
        if (!tree.lost().isEmpty()) {
            progress.accept(
                    "extended attributes that mke2fs(8) does not take, left out: "
                            + String.join(", ", tree.lost()));
        }
        FOLDERS.forEach(
                (path, mode) ->
                        tree.nodes().putIfAbsent(path, new Folder(new Meta(mode, 0, 0, 0))));
        return tree.nodes();
    }

    private static void same(OciImage.Layer layer, String found, int number) {
        if (!found.equals(layer.content())) {
            throw new ImageException(
                    "the container image lies: layer %d has the sum %s, not %s"
                            .formatted(number, found, layer.content()));
        }
    }

    private static void write(Layers layers, NavigableMap<String, RootNode> tree, Path root)
            throws IOException {
        var again = Bounds.standard();
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

    /// Room for as much again, as mke2fs(8) writes it.
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
        return new Facts(
                become.name(),
                "",
                List.of(),
                Collections.emptySortedMap(),
                Optional.empty(),
                from + ", the container image sha256:" + image.digest(),
                "",
                String.valueOf(become.kernel().directory().getFileName()),
                Hashes.of(become.guestProgram()),
                List.of(),
                Collections.emptySortedMap(),
                image.user().isEmpty() ? "root" : image.user(),
                shell,
                Container.of(image, progress),
                Optional.empty(),
                JavaVm.files(tree.keySet().stream()));
    }

    private static boolean has(NavigableMap<String, RootNode> tree, String tool) {
        var paths = new RootPaths(tree);
        return PLACES.stream()
                .map(place -> paths.resolved(RootPaths.parts(place + tool)))
                .anyMatch(path -> tree.containsKey(path) && !(tree.get(path) instanceof Folder));
    }
}
