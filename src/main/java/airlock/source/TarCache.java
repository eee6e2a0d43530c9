package airlock.source;

import airlock.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/// One repository's tars: without history by the id of their tree, others by [GitRefs#key]. Fetch
/// processes make them in their homes, and the server moves them here. A tar counts once its file
/// of facts exists, which is written last.
///
/// Under other limits than its own a tar is made again, as they may forbid it.
final class TarCache {
    /// Raised when [TarWriter] or [TreePacker] make other bytes of the same tree. Tars of `.v1` may
    /// be of outside changes, which had no folder of their own then.
    private static final String FORMAT = ".v2";

    private static final String TAR = FORMAT + ".tar";
    private static final String FACTS = FORMAT + ".facts";
    private static final Pattern NAME = Pattern.compile("([0-9a-z-]+)" + Pattern.quote(TAR));
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /// @param limits under which the tar was made
    private record Facts(String limits, String sha256, long bytes, List<String> submodules) {}

    private final Path directory;
    private final String limits;

    TarCache(Path directory, SourceLimits limits) {
        this.directory = directory;
        this.limits =
                "%d %d %d %d %d"
                        .formatted(
                                limits.size(),
                                limits.files(),
                                limits.fileSize(),
                                limits.pathLength(),
                                limits.depth());
    }

    static String fileName(String key) {
        return key + TAR;
    }

    List<String> keys() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(FACTS))
                    .map(name -> name.substring(0, name.length() - FACTS.length()))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new SourceException("cannot list the source tars in " + directory, e);
        }
    }

    /// Completes the answer of a fetch process that has ended: takes its tar from `home`, or finds
    /// the cached one. A process that was taken over may name any file of this machine, which would
    /// reach a VM as the commit's source; so only the key in the name counts.
    ///
    /// @return the source, or [Answer.Damaged] if the tar must be made again, as the cached one is
    ///     gone or was made under other limits
    Answer settle(Source source, Path home) {
        var name = NAME.matcher(source.tar().toString());
        if (!name.matches()) {
            throw new SourceException(
                    "the fetch process named %s, which is no tar for %s; look at what it was given"
                            .formatted(source.tar(), directory));
        }
        String key = name.group(1);
        Path made = home.resolve(source.tar());
        try {
            if (SHA256.matcher(source.sha256()).matches()
                    && Files.isRegularFile(made, LinkOption.NOFOLLOW_LINKS)) {
                keep(key, made, source);
            }
            return facts(key)
                    .<Answer>map(facts -> whole(source, key, facts))
                    .orElseGet(() -> new Answer.Damaged("no tar " + key));
        } catch (IOException e) {
            throw new SourceException(
                    "cannot keep the tar %s; fetch and sources of the state directory have to be in one file system: %s"
                            .formatted(key, e),
                    e);
        }
    }

    private Source whole(Source source, String key, Facts facts) {
        return new Source(
                directory.resolve(fileName(key)),
                facts.sha256(),
                facts.bytes(),
                source.tree(),
                source.commit(),
                source.message(),
                source.tip(),
                source.planFiles(),
                facts.submodules());
    }

    private void keep(String key, Path made, Source source) throws IOException {
        Files.createDirectories(directory);
        Path tar = directory.resolve(fileName(key));
        Files.move(made, tar, StandardCopyOption.ATOMIC_MOVE);
        var facts = new Facts(limits, source.sha256(), Files.size(tar), source.submodules());
        Path unfinished = Files.createTempFile(directory, ".", ".tmp");
        try {
            Files.write(unfinished, Json.MAPPER.writeValueAsBytes(facts), StandardOpenOption.SYNC);
            Files.move(unfinished, directory.resolve(key + FACTS), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Optional<Facts> facts(String key) throws IOException {
        try {
            byte[] json = Files.readAllBytes(directory.resolve(key + FACTS));
            Facts facts = Json.STRICT.readValue(json, Facts.class);
            return facts.limits().equals(limits)
                            && facts.bytes() == Files.size(directory.resolve(fileName(key)))
                    ? Optional.of(facts)
                    : Optional.empty();
        } catch (NoSuchFileException | JacksonException e) { // earlier versions wrote lines
            return Optional.empty();
        }
    }
}
