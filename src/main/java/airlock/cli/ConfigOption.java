package airlock.cli;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.config.ConfigReading;
import airlock.config.LocalConfig;
import airlock.config.LocalReading;
import airlock.yaml.Problem;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that names the configuration file, and its reading.
final class ConfigOption {
    private static final Path HERE = Path.of("airlock.yaml");
    private static final Path INSTALLED = Path.of("/etc/airlock/airlock.yaml");

    private static final PrintWriter WITHOUT = new PrintWriter(Writer.nullWriter());

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "the configuration; else AIRLOCK_CONFIG, airlock.yaml here,"
                            + " /etc/airlock/airlock.yaml")
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

    /// Reads it, for a command that shows problems in its own way.
    ConfigReading reading() {
        return new ConfigReader(System.getenv()).read(file());
    }

    /// Reads it; problems end the command. Warnings are for `airlock check`, `doctor` and `serve`.
    AirlockConfig read() {
        return read(file(), WITHOUT);
    }

    /// The same; warnings go to `err`.
    AirlockConfig read(PrintWriter err) {
        return read(file(), err);
    }

    /// The same for a file that is known.
    static AirlockConfig read(Path file, PrintWriter err) {
        return switch (new ConfigReader(System.getenv()).read(file)) {
            case ConfigReading.Read(var config, var warnings) -> {
                warn(warnings, err);
                yield config;
            }
            case ConfigReading.Invalid(var problems, _) -> throw invalid(problems);
        };
    }

    /// Reads what a run without a server takes of a file.
    static LocalConfig readLocal(Path file, PrintWriter err) {
        return switch (new ConfigReader(System.getenv()).readLocal(file)) {
            case LocalReading.Read(var config, var warnings) -> {
                warn(warnings, err);
                yield config;
            }
            case LocalReading.Invalid(var problems) -> throw invalid(problems);
        };
    }

    private static void warn(List<Problem> warnings, PrintWriter err) {
        warnings.forEach(err::println);
        err.flush();
    }

    private static CliException invalid(List<Problem> problems) {
        return new CliException(
                ExitCode.CONFIGURATION,
                "the configuration has "
                        + problems.size()
                        + (problems.size() == 1 ? " problem:" : " problems:")
                        + problems.stream()
                                .map(problem -> "\n  " + problem)
                                .collect(Collectors.joining()));
    }
}
