package airlock.app;

import airlock.vm.Templates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Templates of all tests in this JVM, which would take as long to make as the test itself. No
/// machine writes to one, which is what airlock.vm.ClonedVmHostTest shows.
final class SharedTemplates {
    static final Templates ALL = make();

    private SharedTemplates() {}

    private static Templates make() {
        try {
            Path directory = Files.createTempDirectory("templates");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
            return Templates.in(directory, InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("the templates in " + directory + " stay: " + e);
        }
    }
}
