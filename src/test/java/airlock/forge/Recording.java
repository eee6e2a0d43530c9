package airlock.forge;

import airlock.event.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// One request that a real Gitea 1.25.5 sent (src/test/resources/recordings/README.md).
///
/// @param name the folder's name, `NNN-what`
public record Recording(String name, String method, Headers headers, byte[] body) {
    public static final Secret SECRET = new Secret("a-test-secret-of-the-recordings");
    private static final Path FOLDER = Path.of("src/test/resources/recordings/gitea");
    private static final JsonMapper JSON = new JsonMapper();

    /// All recordings, in the order of arrival.
    public static List<Recording> all() {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.filter(folder -> Files.exists(folder.resolve("headers.json")))
                    .sorted()
                    .map(Recording::load)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Recording number(int number) {
        String start = "%03d-".formatted(number);
        return all().stream()
                .filter(recording -> recording.name.startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    public int number() {
        return Integer.parseInt(name.substring(0, 3));
    }

    private static Recording load(Path folder) {
        try {
            Map<String, List<String>> headers =
                    JSON.readValue(
                            Files.readAllBytes(folder.resolve("headers.json")),
                            new TypeReference<>() {});
            Path json = folder.resolve("body.json");
            byte[] body =
                    Files.readAllBytes(Files.exists(json) ? json : folder.resolve("body.form"));
            String method = headers.containsKey("Content-Type") ? "POST" : "GET";
            return new Recording(
                    folder.getFileName().toString(), method, Headers.of(headers), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
