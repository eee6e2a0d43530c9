package airlock.ambient;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.yaml.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Reads what was written with Airlock's own reader.
final class Written {
    private final Path directory;

    Written(Path directory) throws IOException {
        this.directory = directory;
        Path secrets = Files.createDirectories(directory.resolve("secrets"));
        Path token = Files.writeString(secrets.resolve("forge-token"), "0123456789abcdef0123");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    }

    /// Not a single problem, and no warning.
    AirlockConfig read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("airlock.yaml"), text);
        return switch (new ConfigReader(Map.of()).read(file)) {
            case Reading.Read<AirlockConfig>(var config, var warnings) -> {
                assertThat(warnings).as(text).isEmpty();
                yield config;
            }
            case Reading.Invalid<AirlockConfig>(var problems, _, _) ->
                    throw new AssertionError(problems + "\n" + text);
        };
    }
}
