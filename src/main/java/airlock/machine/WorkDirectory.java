package airlock.machine;

import airlock.base.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A run's directory in a state directory, removed when it is closed.
public record WorkDirectory(Path path) implements AutoCloseable {
    private static final String WORK = "run-";

    /// Makes one, and removes those that killed runs left.
    public static WorkDirectory in(Path state) {
        try (var left = Files.newDirectoryStream(state, WORK + "*")) {
            left.forEach(WorkDirectory::remove);
            return new WorkDirectory(Files.createTempDirectory(state, WORK));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + state, e);
        }
    }

    private static void remove(Path work) {
        try {
            Trees.remove(work);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + work, e);
        }
    }

    @Override
    public void close() {
        remove(path);
    }
}
