package airlock.cli;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.config.LocalConfig;
import airlock.yaml.Problem;
import airlock.yaml.Reading;
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
    Reading<AirlockConfig> reading() {
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
        return value(new ConfigReader(System.getenv()).read(file), err);
    }

    /// Reads what a run without a server takes of a file.
    static LocalConfig readLocal(Path file, PrintWriter err) {
        return value(new ConfigReader(System.getenv()).readLocal(file), err);
    }

    private static <T> T value(Reading<T> reading, PrintWriter err) {
        return switch (reading) {
            case Reading.Read<T>(var config, var warnings) -> {
                warnings.forEach(err::println);
                err.flush();
                yield config;
            }
            case Reading.Invalid<T>(var problems, _, _) -> throw invalid(problems);
        };
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
