package airlock.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What lies in a store, as it is at the moment.
public final class Shelf {
    static final String LOCK = "lock";
    static final String USES = "uses";
    private static final Set<String> OWN = Set.of(LOCK, USES);

    private final Path root;

    Shelf(Path root) {
        this.root = root;
    }

    /// All of it but what is being made or removed, in the order of the names.
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

    /// Whether an image can have that name here.
    static boolean isName(String name) {
        return !name.isEmpty()
                && !name.startsWith(".")
                && name.indexOf('/') < 0
                && name.indexOf('\0') < 0
                && !OWN.contains(name)
                && !Leftovers.isUnfinished(name);
    }

    /// Empty where it went meanwhile.
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

    /// The one that `wanted` names: its directory's name, or the image's own, of which the one
    /// that was made last is meant.
    public Optional<Stored.Whole> find(String wanted) {
        Optional<Stored.Whole> newest = Optional.empty();
        for (Stored stored : all()) {
            if (stored instanceof Stored.Whole whole) {
                if (whole.name().equals(wanted)) {
                    return Optional.of(whole);
                }
                if (whole.facts().name().equals(wanted)
                        && (newest.isEmpty() || isLater(whole, newest.get()))) {
                    newest = Optional.of(whole);
                }
            }
        }
        return newest;
    }

    /// The same, where it has to be there.
    ///
    /// @throws ImageException where there is none, or only a damaged one
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

    private static boolean isLater(Stored.Whole one, Stored.Whole other) {
        return made(one).isAfter(made(other));
    }

    private static Instant made(Stored.Whole whole) {
        return whole.facts().made().orElse(Instant.EPOCH);
    }
}
