package airlock.config;

import airlock.yaml.Reading;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/// A directory with a configuration and its secret files.
record ConfigFixture(Path directory) {
    /// The least that is a configuration.
    static final String SMALL =
            """
            base_url: https://ci.example.org/
            forges:
              berg: {kind: forgejo, url: https://berg.example.org, token: {env: TOKEN}}
            repositories:
            - name: alice/hello
              forge: berg
              url: https://berg.example.org/alice/hello.git
              hook_secret: {env: HOOK}
            """;

    static final Map<String, String> ENVIRONMENT =
            Map.of("TOKEN", "t-123", "HOOK", "0123456789abcdef", "OLD", "fedcba9876543210");

    Reading<AirlockConfig> read(String text) {
        return new ConfigReader(ENVIRONMENT).read(write("airlock.yaml", text, "rw-r--r--"));
    }

    AirlockConfig config(String text) {
        return ReadingFixture.value(read(text));
    }

    /// The problems, without the directory's name.
    List<String> problems(String text) {
        return ReadingFixture.problems(read(text)).stream().map(p -> shown(p.toString())).toList();
    }

    List<String> warnings(String text) {
        return switch (read(text)) {
            case Reading.Read<AirlockConfig> read ->
                    read.warnings().stream().map(p -> shown(p.toString())).toList();
            case Reading.Invalid<AirlockConfig> invalid ->
                    throw new AssertionError(invalid.problems());
        };
    }

    private String shown(String text) {
        return text.replace(directory + "/", "");
    }

    Path write(String name, String text, String mode) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
