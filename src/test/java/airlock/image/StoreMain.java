package airlock.image;

import airlock.base.Trees;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Does one thing with a store of images, for tests that kill it meanwhile.
public final class StoreMain {
    private StoreMain() {}

    /// Does it.
    ///
    /// @param arguments what, the store's directory, the image's name
    public static void main(String[] arguments) throws Exception {
        var root = Path.of(arguments[1]);
        String name = arguments[2];
        var store = new ImageStore(root, FakeImages.CLOCK);
        switch (arguments[0]) {
            case "build" -> FakeImages.add(root, name);
            case "remove" -> System.out.println(store.remove(name));
            case "use" -> {
                var use = store.use(new Image(root.resolve(name)), "a test").orElseThrow();
                System.out.println("in use");
                System.in.read();
                use.close();
            }
            case "scratch" -> {
                Path scratch = Scratch.in(root);
                System.out.println(
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(scratch)));
                Files.delete(scratch);
            }
            case "mmdebstrap" -> mmdebstrap(store, root, name);
            case "fill" -> fill(store, root, name);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void fill(ImageStore store, Path root, String name) throws Exception {
        try {
            store.add(
                    root.resolve(name),
                    (directory, _) -> {
                        var piece = ByteBuffer.allocate(1 << 20);
                        try (var file =
                                FileChannel.open(
                                        directory.resolve(Image.DISK),
                                        StandardOpenOption.CREATE_NEW,
                                        StandardOpenOption.WRITE)) {
                            while (true) {
                                file.write(piece.clear());
                            }
                        }
                    },
                    _ -> {});
        } catch (ImageException e) {
            System.out.println(e.getMessage());
        }
        System.out.println("left: " + store.listing().all() + " " + names(root));
        FakeImages.add(root, name);
        System.out.println("after: " + store.listing().all().size());
    }

    /// Has a real mmdebstrap write an archive that is larger than the disk of the store.
    private static void mmdebstrap(ImageStore store, Path root, String name) throws Exception {
        Path packages = Files.createTempDirectory("no-packages");
        Files.createFile(packages.resolve("Packages"));
        try {
            store.add(
                    root.resolve(name),
                    (directory, _) -> {
                        Path scratch = Scratch.in(directory);
                        System.out.println("scratch: " + scratch);
                        new Tool("mmdebstrap")
                                .with(Map.of("TMPDIR", scratch.toString()))
                                .run(
                                        "--variant=custom",
                                        "--mode=root",
                                        "--format=tar",
                                        "--setup-hook=head -c 9000000 /dev/urandom > \"$1\"/large",
                                        "trixie",
                                        directory.resolve("root.tar").toString(),
                                        "deb [trusted=yes] file:" + packages + " ./");
                        throw new IllegalStateException("it fits");
                    },
                    System.out::println);
        } catch (ImageException e) {
            System.out.println("told: " + String.valueOf(e.getMessage()).replace('\n', ' '));
        }
        System.out.println("left: " + names(root));
        Trees.remove(packages);
    }

    private static String names(Path folder) throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList().toString();
        }
    }
}
