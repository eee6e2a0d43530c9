package airlock.cli;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.config.ConfigReading;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that names the configuration file, and its reading.
final class ConfigOption {
    private static final Path HERE = Path.of("airlock.yaml");
    private static final Path INSTALLED = Path.of("/etc/airlock/airlock.yaml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "the configuration; else AIRLOCK_CONFIG, airlock.yaml here, /etc/airlock/airlock.yaml")
    private @Nullable Path file;

    Path file() {
        if (file != null) {
            return file;
        }
        String named = System.getenv("AIRLOCK_CONFIG");
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        return Files.exists(HERE) ? HERE : INSTALLED;
    }

    /// Reads it; warnings go to `err`, problems end the command.
    AirlockConfig read(PrintWriter err) {
        return read(file(), err);
    }

    /// The same for a file that is known.
    static AirlockConfig read(Path file, PrintWriter err) {
        return switch (new ConfigReader(System.getenv()).read(file)) {
            case ConfigReading.Read read -> {
                read.warnings().forEach(warning -> err.println(warning));
                err.flush();
                yield read.config();
            }
            case ConfigReading.Invalid invalid ->
                    throw new CliException(
                            ExitCode.CONFIGURATION,
                            "the configuration has "
                                    + invalid.problems().size()
                                    + (invalid.problems().size() == 1 ? " problem:" : " problems:")
                                    + invalid.problems().stream()
                                            .map(problem -> "\n  " + problem)
                                            .collect(Collectors.joining()));
        };
    }
}
