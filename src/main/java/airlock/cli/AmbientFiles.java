package airlock.cli;

import airlock.text.SafeText;
import airlock.yaml.Problem;
import airlock.yaml.Reading;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Finds and reads the files of an Ambient CI installation.
final class AmbientFiles {
    private AmbientFiles() {}

    static Path home() {
        return home(System.getenv());
    }

    /// Ambient uses `HOME`, as shells do; the JVM would use /etc/passwd.
    static Path home(Map<String, String> environment) {
        String configured = environment.getOrDefault("HOME", "");
        return Path.of(configured.isEmpty() ? System.getProperty("user.home") : configured);
    }

    static Path config() {
        return configHome().resolve("ambient").resolve("config.yaml");
    }

    /// Ambient looks for this file in another directory than for its configuration.
    static Path projects() {
        return configHome().resolve("ambient-ci").resolve("projects.yaml");
    }

    private static Path configHome() {
        return Output.environment("XDG_CONFIG_HOME")
                .map(Path::of)
                .orElseGet(() -> home().resolve(".config"));
    }

    /// Expands `~/` in a path of Ambient's configuration.
    static Path expanded(String path) {
        try {
            return path.startsWith("~/") ? home().resolve(path.substring(2)) : Path.of(path);
        } catch (InvalidPathException e) {
            throw new CliException(
                    ExitCode.CONFIGURATION,
                    "'" + SafeText.line(path) + "' in Ambient's configuration is not a path");
        }
    }

    /// Returns what was read; prints warnings to `err`; ends the command if there are mistakes.
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
        String count = LintCommand.counted(problems.size(), "mistake");
        String all = report.isEmpty() ? problems.getFirst() + "\n" : report;
        return new CliException(ExitCode.CONFIGURATION, SafeText.lines(all) + count);
    }
}
