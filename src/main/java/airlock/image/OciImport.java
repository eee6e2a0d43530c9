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
    private final String name;
    private final Image kernel;
    private final Path guestProgram;
    private final String from;

    /// @param source a directory or an archive
    /// @param name of the image that it becomes
    /// @param kernel the image whose kernel it starts with
    /// @param from where it came from, for people
    OciImport(Path source, String name, Image kernel, Path guestProgram, String from) {
        this.source = source;
        this.name = name;
        this.kernel = kernel;
        this.guestProgram = guestProgram;
        this.from = from;
    }

    @Override
    public Facts make(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(WORK));
        progress.accept("reading " + source.getFileName());
        var bounds = Bounds.standard();
        var blobs = OciBlobs.of(source, Files.createDirectory(work.resolve("blobs")), bounds);
        var image = new OciReader(blobs).read();
        var tree = tree(image, blobs, bounds, progress);
        Path root = work.resolve("root.tar");
        progress.accept("writing " + tree.size() + " files");
        write(image, blobs, tree, root);
        new SystemDisk(work).make(root, size(tree), directory.resolve(Image.DISK));
        Files.copy(kernel.boot().kernel(), directory.resolve(Image.KERNEL));
        Initramfs.renew(
                kernel.boot().initramfs(), guestProgram, directory.resolve(Image.INITRAMFS));
        return facts(image, tree, progress);
    }

    /// Reads all layers once, which also shows whether they are what the image says.
    private static NavigableMap<String, RootNode> tree(
            OciImage image, OciBlobs blobs, Bounds bounds, Consumer<String> progress)
            throws IOException {
        var tree = new RootTree();
        int number = 0;
        for (var layer : image.layers()) {
            progress.accept("layer " + ++number + " of " + image.layers().size());
            try (var tar = new LayerTar(blobs.file(layer.file()), "layer " + number, bounds)) {
                tree.add(tar);
                same(layer, tar.sum(), number);
            }
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

    private static void write(
            OciImage image, OciBlobs blobs, NavigableMap<String, RootNode> tree, Path root)
            throws IOException {
        var again = Bounds.standard();
        try (var out = new RootTar(tree, root)) {
            out.begin();
            int number = 0;
            for (var layer : image.layers()) {
                number++;
                try (var tar = new LayerTar(blobs.file(layer.file()), "layer " + number, again)) {
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
                name,
                "",
                List.of(),
                Collections.emptySortedMap(),
                Optional.empty(),
                from + ", the container image sha256:" + image.digest(),
                "",
                String.valueOf(kernel.directory().getFileName()),
                Hashes.of(guestProgram),
                List.of(),
                Collections.emptySortedMap(),
                image.user().isEmpty() ? "root" : image.user(),
                shell,
                Container.of(image, progress),
                Optional.empty());
    }

    private static boolean has(NavigableMap<String, RootNode> tree, String tool) {
        var paths = new RootPaths(tree);
        return PLACES.stream()
                .map(place -> paths.resolved(RootPaths.parts(place + tool)))
                .anyMatch(path -> tree.containsKey(path) && !(tree.get(path) instanceof Folder));
    }
}
