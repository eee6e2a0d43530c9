package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compares with files of `src/test/resources/golden/web`; `-Dgolden=update` writes them anew,
/// and the difference is what a reviewer reads.
final class Golden {
    private static final Path FOLDER = Path.of("src/test/resources/golden/web");

    private Golden() {}

    static void check(String name, String text) {
        var file = FOLDER.resolve(name);
        // hashes of style sheet and script change with each change of those
        String actual = text.replaceAll("\\?v=[0-9a-f]+", "?v=HASH");
        try {
            if ("update".equals(System.getProperty("golden"))) {
                Files.createDirectories(FOLDER);
                Files.writeString(file, actual);
            }
            assertThat(actual)
                    .as("%s (mvn test -Dgolden=update writes it anew)", file)
                    .isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("can't compare with " + file, e);
        }
    }
}
