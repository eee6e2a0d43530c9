package airlock.source;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists a directory in which running processes make and remove files. Ignores files that disappear
/// meanwhile, unlike `Files.walk`, which throws.
final class LiveTree extends SimpleFileVisitor<Path> {
    private final List<Path> files = new ArrayList<>();

    private LiveTree() {}

    /// Regular files at any depth.
    static List<Path> files(Path directory) throws IOException {
        var tree = new LiveTree();
        Files.walkFileTree(directory, tree);
        return tree.files;
    }

    /// Empty if the file is gone.
    static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            files.add(file);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
        return unlessGone(problem);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
            throws IOException {
        return unlessGone(problem);
    }

    private static FileVisitResult unlessGone(@Nullable IOException problem) throws IOException {
        if (problem != null && !(problem instanceof NoSuchFileException)) {
            throw problem;
        }
        return FileVisitResult.CONTINUE;
    }
}
