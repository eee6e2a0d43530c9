package airlock.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Lists and finds the images of a store.
public final class StoreListing {
    static final String LOCK = "lock";
    static final String USES = "uses";
    static final String BUILDING = "building-";
    static final String REMOVING = "removing-";

    private static final Set<String> OWN = Set.of(LOCK, USES);

    private final Path root;

    StoreListing(Path root) {
        this.root = root;
    }

    /// All images that are not being made or removed, whole or damaged, by name.
    public List<Stored> all() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(root)) {
            var all = new ArrayList<Stored>();
            for (Path entry : entries.sorted().toList()) {
                String name = String.valueOf(entry.getFileName());
                if (isName(name)) {
                    look(name, entry).ifPresent(all::add);
                }
            }
            return all;
        } catch (IOException e) {
            throw new ImageException("cannot look into " + root + ": " + e, e);
        }
    }

    /// Whether an image in the store can have that directory name.
    static boolean isName(String name) {
        return !name.isEmpty()
                && !name.startsWith(".")
                && name.indexOf('/') < 0
                && name.indexOf('\0') < 0
                && !OWN.contains(name)
                && !name.startsWith(BUILDING)
                && !name.startsWith(REMOVING);
    }

    /// Empty if another process removed it meanwhile.
    private static Optional<Stored> look(String name, Path directory) throws IOException {
        try {
            Instant used = Files.getLastModifiedTime(directory).toInstant();
            try {
                var image = Image.open(directory);
                return Optional.of(
                        new Stored.Whole(
                                name, image, image.facts(), StoreFiles.bytes(directory), used));
            } catch (ImageException e) {
                return Optional.of(new Stored.Damaged(name, used, String.valueOf(e.getMessage())));
            }
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// Finds an image by its directory name, or else the newest with that name in its facts.
    public Optional<Stored.Whole> find(String wanted) {
        var whole =
                all().stream()
                        .filter(Stored.Whole.class::isInstance)
                        .map(Stored.Whole.class::cast)
                        .toList();
        return whole.stream()
                .filter(image -> image.name().equals(wanted))
                .findFirst()
                .or(
                        () ->
                                whole.stream()
                                        .filter(image -> image.facts().name().equals(wanted))
                                        .max(Comparator.comparing(StoreListing::made)));
    }

    /// As [#find].
    ///
    /// @throws ImageException if it is missing or damaged
    public Stored.Whole named(String wanted) {
        return find(wanted).orElseThrow(() -> new ImageException(missing(wanted)));
    }

    private String missing(String wanted) {
        var all = all();
        for (Stored stored : all) {
            if (stored instanceof Stored.Damaged damaged && damaged.name().equals(wanted)) {
                return damaged.why();
            }
        }
        var names = all.stream().map(Stored::name).toList();
        return "there is no image '"
                + wanted
                + "' in "
                + root
                + (names.isEmpty() ? ", nor any other" : "; there are " + String.join(", ", names));
    }

    private static Instant made(Stored.Whole whole) {
        return whole.facts().made().orElse(Instant.EPOCH);
    }

    /// An entry of an image store.
    public sealed interface Stored {
        /// The directory's name, `NAME-KEY`.
        String name();

        /// When it was last used.
        Instant used();

        /// An image.
        ///
        /// @param bytes the size of its files
        record Whole(String name, Image image, Facts facts, long bytes, Instant used)
                implements Stored {}

        /// A damaged or incomplete image.
        ///
        /// @param why what is wrong, for people
        record Damaged(String name, Instant used, String why) implements Stored {}
    }
}
