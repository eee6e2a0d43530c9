package airlock.cli;

import airlock.ambient.AmbientConfig;
import airlock.ambient.Migration;
import airlock.ambient.Project;
import airlock.ambient.ProjectsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `airlock migrate`.
@Command(
        name = "migrate",
        description = "Writes a configuration that does what another CI system did.",
        subcommands = MigrateCommand.Ambient.class)
final class MigrateCommand extends Group { // / `airlock migrate ambient`.
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
}
