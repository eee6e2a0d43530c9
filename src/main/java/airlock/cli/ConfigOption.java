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
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option `--config`, and the reading of that file.
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
        return Optional.ofNullable(file)
                .or(() -> Output.environment("AIRLOCK_CONFIG").map(Path::of))
                .orElseGet(() -> Files.exists(HERE) ? HERE : INSTALLED);
    }

    /// Reads the file, for a command that shows problems itself.
    Reading<AirlockConfig> reading() {
        return new ConfigReader(System.getenv()).read(file());
    }

    /// Reads the file, without warnings; ends the command if there are problems.
    AirlockConfig read() {
        return read(file(), WITHOUT);
    }

    /// Reads the file as `airlock check`, `doctor` and `serve` do: prints warnings to `err`.
    AirlockConfig read(PrintWriter err) {
        return read(file(), err);
    }

    static AirlockConfig read(Path file, PrintWriter err) {
        return value(new ConfigReader(System.getenv()).read(file), err);
    }

    /// Reads the parts of a configuration that a run without a server uses.
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
                        + LintCommand.counted(problems.size(), "problem")
                        + ":"
                        + problems.stream()
                                .map(problem -> "\n  " + problem)
                                .collect(Collectors.joining()));
    }
}
