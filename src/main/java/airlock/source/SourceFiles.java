package airlock.source;

import airlock.base.Trees;
import airlock.event.RepositoryId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lists and removes the mirrors and cached tars of all repositories.
///
/// **Failures**: a file that disappears meanwhile counts as gone; other faults of the disk are
/// [SourceException]s.
public final class SourceFiles {
    /// Ends like [#unfinished()] files, so that those of a killed server are removed with them.
    private static final String ASIDE = ".gone.tmp";

    static final String OUTSIDE = "outside";

    private static final Pattern MIRROR = Pattern.compile("(.+)\\.git(\\.history|\\.full)?");

    private final Path mirrors;
    private final Path sources;

    /// @param state the state directory of [ProcessFetcher]
    public SourceFiles(Path state) {
        this.mirrors = state.toAbsolutePath().resolve("mirrors");
        this.sources = state.toAbsolutePath().resolve("sources");
    }

    /// A tar, or a mirror with all its files.
    ///
    /// @param path as in [Source#tar()]
    /// @param changed the time of its last change
    /// @param outside whether it is of outside changes
    public record Found(
            RepositoryId repository, Path path, long bytes, Instant changed, boolean outside) {}

    public List<Found> tars() {
        return sources(".tar");
    }

    public List<Found> unfinished() {
        return sources(".tmp");
    }

    private List<Found> sources(String ending) {
        var found = new ArrayList<Found>();
        for (Path directory : withOutside(sources)) {
            var repository = repository(directory.getFileName().toString());
            for (Path file : repository.isPresent() ? entries(directory) : List.<Path>of()) {
                if (file.toString().endsWith(ending)) {
                    found(repository.get(), file).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /// All mirrors except those that are lent. A repository may have three (of single commits, of
    /// histories without files, of both), and as many for outside changes.
    public List<Found> mirrors() {
        var found = new ArrayList<Found>();
        for (Path directory : withOutside(mirrors)) {
            var name = MIRROR.matcher(directory.getFileName().toString());
            if (name.matches() && Files.isDirectory(directory)) {
                repository(name.group(1))
                        .flatMap(repository -> found(repository, directory))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    /// Takes a tar out of the cache without freeing its space, which [#removeAside(Path)] does.
    /// Removes its facts first, since a tar counts only with them.
    public boolean setAside(Path tar) {
        String name = tar.getFileName().toString();
        return removed(
                tar,
                () -> {
                    Files.deleteIfExists(tar.resolveSibling(name.replaceFirst("tar$", "facts")));
                    Files.move(tar, aside(tar), StandardCopyOption.ATOMIC_MOVE);
                    return true;
                });
    }

    public void removeAside(Path tar) {
        remove(aside(tar));
    }

    public boolean remove(Path half) {
        return removed(half, () -> Files.deleteIfExists(half));
    }

    private interface Removal {
        boolean run() throws IOException;
    }

    private static boolean removed(Path path, Removal removal) {
        try {
            return removal.run();
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw new SourceException("cannot remove " + path, e);
        }
    }

    private static Path aside(Path tar) {
        return tar.resolveSibling("." + tar.getFileName() + ASIDE);
    }

    /// Removes a mirror unless it is lent; returns whether it did.
    public boolean removeMirror(Path mirror) {
        return removed(mirror, () -> GitMirror.remove(mirror));
    }

    /// Removes mirrors whose removal a crash interrupted; returns how many.
    public int removeHalves() {
        var halves = new ArrayList<>(withOutside(mirrors));
        halves.removeIf(directory -> !directory.toString().endsWith(GitMirror.GONE));
        for (Path half : halves) {
            removed(
                    half,
                    () -> {
                        Trees.remove(half);
                        return true;
                    });
        }
        return halves.size();
    }

    /// Parses [RemoteRepository#fileName()].
    private static Optional<RepositoryId> repository(String name) {
        int underscore = name.indexOf('_');
        try {
            return underscore < 0
                    ? Optional.empty()
                    : Optional.of(
                            new RepositoryId(
                                    name.substring(0, underscore), name.substring(underscore + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not one of our names: left alone
        }
    }

    private static List<Path> withOutside(Path directory) {
        return Stream.concat(
                        entries(directory).stream(), entries(directory.resolve(OUTSIDE)).stream())
                .toList();
    }

    private static List<Path> entries(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new SourceException("cannot list " + directory, e);
        }
    }

    private Optional<Found> found(RepositoryId repository, Path path) {
        var sum = new Sum();
        try {
            Files.walkFileTree(path, sum);
        } catch (IOException | UncheckedIOException e) {
            throw new SourceException("cannot look at " + path, e);
        }
        boolean outside =
                path.startsWith(mirrors.resolve(OUTSIDE))
                        || path.startsWith(sources.resolve(OUTSIDE));
        Instant changed = Instant.ofEpochMilli(sum.changed);
        return sum.files == 0
                ? Optional.empty()
                : Optional.of(new Found(repository, path, sum.bytes, changed, outside));
    }

    /// Adds up files; skips those that disappear meanwhile.
    private static final class Sum extends SimpleFileVisitor<Path> {
        private long files;
        private long bytes;
        private long changed;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files++;
            bytes += attributes.size();
            changed = Math.max(changed, attributes.lastModifiedTime().toMillis());
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
