package airlock.source;

import airlock.event.GitDepth;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One repository's tars: of files alone by the id of their tree, others by [GitRefs#key]. A tar is
/// there once its file of facts is: both are written beside, forced to disk and moved into place,
/// the facts last.
///
/// The facts are lines: the limits under which the tar was made, its SHA-256, its length, then
/// one line for each submodule. Under other limits a tar is made again, so that none is given
/// that they forbid.
final class TarCache {
    /// Raised whenever [TarWriter] or [TreePacker] give other bytes for the same tree.
    private static final String FORMAT = ".v1";

    private static final int FIXED_LINES = 3;
    private static final String UNFINISHED = ".tmp";

    /// Of tars with a whole history: they are made under another mirror's lock, so at the same
    /// time.
    private static final String UNFINISHED_FULL = ".full" + UNFINISHED;

    /// @param bytes how long it is
    record Tar(Path path, String sha256, long bytes, List<String> submodules) {}

    /// Writes an archive and gives its submodules.
    interface Packing {
        List<String> pack(OutputStream out) throws IOException;
    }

    private final Path directory;
    private final GitDepth git;
    private final String limits;

    TarCache(Path directory, SourceLimits limits, GitDepth git) {
        this.directory = directory;
        this.git = git;
        this.limits =
                "%d %d %d %d %d"
                        .formatted(
                                limits.size(),
                                limits.files(),
                                limits.fileSize(),
                                limits.pathLength(),
                                limits.depth());
    }

    /// The tar under `key`, if it was written before.
    Optional<Tar> find(String key) throws IOException {
        Path tar = path(key, ".tar");
        try {
            List<String> facts = Files.readAllLines(path(key, ".facts"));
            if (facts.size() < FIXED_LINES
                    || !facts.get(0).equals(limits)
                    || !facts.get(2).equals(Long.toString(Files.size(tar)))) {
                return Optional.empty();
            }
            List<String> submodules =
                    facts.stream()
                            .skip(FIXED_LINES)
                            .map(line -> URLDecoder.decode(line, StandardCharsets.UTF_8))
                            .toList();
            return Optional.of(new Tar(tar, facts.get(1), Files.size(tar), submodules));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// Has `packing` write the tar under `key`; what stays unfinished is removed.
    Tar write(String key, Packing packing) throws IOException {
        Files.createDirectories(directory);
        Path tar = path(key, ".tar");
        Path unfinished = unfinished();
        try {
            var file = new HashedFile(unfinished);
            List<String> submodules;
            try (file) {
                submodules = packing.pack(file);
            }
            var written = new Tar(tar, file.sha256Hex(), Files.size(unfinished), submodules);
            Files.move(unfinished, tar, StandardCopyOption.ATOMIC_MOVE);
            writeFacts(path(key, ".facts"), written);
            return written;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /// Removes what a killed process left unfinished.
    void sweep() throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(this::isLeftOver).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void writeFacts(Path facts, Tar tar) throws IOException {
        var lines = new ArrayList<>(List.of(limits, tar.sha256(), Long.toString(tar.bytes())));
        for (String submodule : tar.submodules()) {
            lines.add(URLEncoder.encode(submodule, StandardCharsets.UTF_8));
        }
        Path unfinished = unfinished();
        try {
            Files.write(unfinished, lines, StandardOpenOption.SYNC);
            Files.move(unfinished, facts, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Path unfinished() throws IOException {
        return Files.createTempFile(
                directory, ".", git == GitDepth.FULL ? UNFINISHED_FULL : UNFINISHED);
    }

    /// Of those who hold the same lock.
    private boolean isLeftOver(Path file) {
        String name = file.toString();
        return name.endsWith(UNFINISHED)
                && name.endsWith(UNFINISHED_FULL) == (git == GitDepth.FULL);
    }

    private Path path(String key, String ending) {
        return directory.resolve(key + FORMAT + ending);
    }
}
