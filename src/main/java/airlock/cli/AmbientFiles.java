package airlock.cli;

import airlock.text.SafeText;
import airlock.yaml.Problem;
import airlock.yaml.Reading;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Where Ambient has its files, and what is said of those that can't be read.
final class AmbientFiles {
    private AmbientFiles() {}

    static Path home() {
        return home(System.getenv());
    }

    /// To Ambient, as to a shell, it is what `HOME` says; to the JVM what /etc/passwd does.
    static Path home(Map<String, String> environment) {
        String configured = environment.getOrDefault("HOME", "");
        return Path.of(configured.isEmpty() ? System.getProperty("user.home") : configured);
    }

    static Path config() {
        return configHome().resolve("ambient").resolve("config.yaml");
    }

    /// To Ambient it is another directory.
    static Path projects() {
        return configHome().resolve("ambient-ci").resolve("projects.yaml");
    }

    private static Path configHome() {
        String configured = System.getenv("XDG_CONFIG_HOME");
        return configured == null || configured.isEmpty()
                ? home().resolve(".config")
                : Path.of(configured);
    }

    /// A path of Ambient's configuration.
    static Path expanded(String path) {
        try {
            return path.startsWith("~/") ? home().resolve(path.substring(2)) : Path.of(path);
        } catch (InvalidPathException e) {
            throw new CliException(
                    ExitCode.CONFIGURATION,
                    "'" + SafeText.line(path) + "' in Ambient's configuration is no path");
        }
    }

    /// What was read; warnings go to `err`, mistakes end the command.
    static <T> T value(Reading<T> reading, PrintWriter err) {
        return switch (reading) {
            case Reading.Read<T>(var read, var warnings) -> {
                warnings.stream().map(Problem::toString).forEach(err::println);
                err.flush();
                yield read;
            }
            case Reading.Invalid<T>(var problems, _, var report) -> throw refused(problems, report);
        };
    }

    private static CliException refused(List<Problem> problems, String report) {
        String count = problems.size() == 1 ? "1 mistake" : problems.size() + " mistakes";
        String all = report.isEmpty() ? problems.getFirst() + "\n" : report;
        return new CliException(ExitCode.CONFIGURATION, SafeText.lines(all) + count);
    }
}
