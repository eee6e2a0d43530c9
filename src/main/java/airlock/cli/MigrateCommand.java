package airlock.cli;

import airlock.ambient.AmbientConfig;
import airlock.ambient.Migration;
import airlock.ambient.Project;
import airlock.ambient.ProjectsReader;
import airlock.text.SafeText;
import airlock.yaml.Problem;
import airlock.yaml.Reading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "migrate",
        description = "Writes a configuration that does what another CI system did.",
        subcommands = MigrateCommand.Ambient.class)
final class MigrateCommand extends Group {
    @Command(
            name = "ambient",
            description = {
                "Writes the configuration that does what an Ambient CI 0.21 did, to "
                        + "stdout: its configuration and its projects file are read, and nothing "
                        + "is changed."
            })
    static final class Ambient extends Output {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description =
                        "Ambient's configuration, after ~/.config/ambient/config.yaml; later ones"
                                + " hold")
        private List<Path> configs = List.of();

        @Option(
                names = "--no-config",
                description = "leaves out ~/.config/ambient/config.yaml, as with Ambient")
        private boolean noConfig;

        @Option(
                names = "--projects",
                paramLabel = "FILE",
                description =
                        "the projects file; else what the configuration says, or"
                                + " ~/.config/ambient-ci/projects.yaml")
        private @Nullable Path projects;

        @Option(
                names = "--output",
                paramLabel = "FILE",
                description = "where it is written to: a file that is not there yet")
        private @Nullable Path output;

        private final List<Path> files = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            var config = config();
            String text = new Migration(config, projects(config)).text(files);
            if (output == null) {
                out().print(text);
                out().flush();
                return ExitCode.OK;
            }
            write(output, text);
            return ExitCode.OK;
        }

        private AmbientConfig config() {
            var all = new ArrayList<Path>();
            Path own = AmbientFiles.config();
            if (!noConfig && Files.exists(own)) {
                all.add(own);
            }
            all.addAll(configs);
            var config = AmbientConfig.NONE;
            for (Path file : all) {
                files.add(file);
                config = config.with(AmbientFiles.value(AmbientConfig.read(file), err()));
            }
            return config;
        }

        private List<Project> projects(AmbientConfig config) {
            Path file = projects;
            if (file == null) {
                file =
                        config.projects()
                                .map(AmbientFiles::expanded)
                                .orElseGet(AmbientFiles::projects);
                if (!Files.exists(file)) {
                    err().println("there is no projects file " + file + ", so no repositories");
                    err().flush();
                    return List.of();
                }
            }
            files.add(file);
            return AmbientFiles.value(
                    new ProjectsReader(AmbientFiles.home(), false).read(file), err());
        }
    }

    /// Finds and reads the files of an Ambient CI installation.
    static final class AmbientFiles {
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
                case Reading.Invalid<T>(var problems, _, var report) ->
                        throw refused(problems, report);
            };
        }

        private static CliException refused(List<Problem> problems, String report) {
            String count = LintCommand.counted(problems.size(), "mistake");
            String all = report.isEmpty() ? problems.getFirst() + "\n" : report;
            return new CliException(ExitCode.CONFIGURATION, SafeText.lines(all) + count);
        }
    }
}
