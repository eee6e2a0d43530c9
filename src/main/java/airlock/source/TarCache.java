package airlock.source;

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

/// One repository's tars, by the id of their tree. A tar is there once its file of facts is: both
/// are written beside, forced to disk and moved into place, the facts last.
///
/// The facts are lines: the limits under which the tar was made, its SHA-256, its length, then
/// one line for each submodule. Under other limits a tar is made again, so that none is given
/// that they forbid.
final class TarCache {
    /// Raised whenever [TarWriter] or [TreePacker] give other bytes for the same tree.
    private static final String FORMAT = ".v1";

    private static final int FIXED_LINES = 3;

    /// @param bytes how long it is
    record Tar(Path path, String sha256, long bytes, List<String> submodules) {}

    /// Writes an archive and gives its submodules.
    interface Packing {
        List<String> pack(OutputStream out) throws IOException;
    }

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

    /// The tar of `tree`, if it was written before.
    Optional<Tar> find(String tree) throws IOException {
        Path tar = path(tree, ".tar");
        try {
            List<String> facts = Files.readAllLines(path(tree, ".facts"));
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

    /// Has `packing` write the tar of `tree`; what stays unfinished is removed.
    Tar write(String tree, Packing packing) throws IOException {
        Files.createDirectories(directory);
        Path tar = path(tree, ".tar");
        Path unfinished = Files.createTempFile(directory, ".", ".tmp");
        try {
            var file = new HashedFile(unfinished);
            List<String> submodules;
            try (file) {
                submodules = packing.pack(file);
            }
            var written = new Tar(tar, file.sha256Hex(), Files.size(unfinished), submodules);
            Files.move(unfinished, tar, StandardCopyOption.ATOMIC_MOVE);
            writeFacts(path(tree, ".facts"), written);
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
            for (Path file : files.filter(f -> f.toString().endsWith(".tmp")).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void writeFacts(Path facts, Tar tar) throws IOException {
        var lines = new ArrayList<>(List.of(limits, tar.sha256(), Long.toString(tar.bytes())));
        for (String submodule : tar.submodules()) {
            lines.add(URLEncoder.encode(submodule, StandardCharsets.UTF_8));
        }
        Path unfinished = Files.createTempFile(directory, ".", ".tmp");
        try {
            Files.write(unfinished, lines, StandardOpenOption.SYNC);
            Files.move(unfinished, facts, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Path path(String tree, String ending) {
        return directory.resolve(tree + FORMAT + ending);
    }
}
