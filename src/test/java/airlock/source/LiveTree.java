package airlock.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// Lists a directory in which running processes make and remove files. Ignores files that disappear
/// meanwhile, unlike `Files.walk`, which throws.
final class LiveTree {
    private LiveTree() {}

    /// Regular files at any depth.
    static List<Path> files(Path directory) throws IOException {
        var find =
                new ProcessBuilder("find", directory.toString(), "-type", "f")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        byte[] printed = find.getInputStream().readAllBytes();
        return new String(printed, StandardCharsets.UTF_8).lines().map(Path::of).toList();
    }

    /// Empty if the file is gone.
    static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }
}
