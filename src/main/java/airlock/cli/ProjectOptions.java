package airlock.cli;

import airlock.ambient.Project;
import airlock.ambient.ProjectsReader;
import airlock.local.LocalProjects;
import airlock.text.SafeText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `airlock run` for Ambient's projects.
final class ProjectOptions {
    @Option(
            names = "--projects",
            paramLabel = "FILE",
            description = "Ambient's projects file, as it is")
    private @Nullable Path file;

    @Option(names = "--force", description = "with --projects: no project is skipped")
    private boolean force;

    @Option(
            names = "--image",
            paramLabel = "NAME",
            description =
                    "with --projects: the image for all, of the configuration, `airlock image list`"
                            + " or a recipe")
    private @Nullable String image;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "an Airlock configuration, of which images, mirrors, network and limits are"
                            + " taken; with --projects those of its repository OWNER/PROJECT")
    private @Nullable Path config;

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    boolean force() {
        return force;
    }

    /// Fails if an option is given that needs --projects.
    void refuse() {
        if (force || image != null) {
            throw new CliException(ExitCode.USAGE, "--force and --image belong to --projects FILE");
        }
    }

    Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    /// Reads the files; prints warnings to `err`; ends the command if there are mistakes.
    LocalProjects.Order order(PrintWriter err) {
        var read = Optional.ofNullable(config).map(path -> ConfigOption.read(path, err));
        return new LocalProjects.Order(projects(err), read, Optional.ofNullable(image));
    }

    private List<Project> projects(PrintWriter err) {
        var reader = new ProjectsReader(AmbientFiles.home(), image == null);
        return AmbientFiles.value(reader.read(file().orElseThrow()), err);
    }

    /// The projects with these names in the file's order; all if `names` is empty.
    static List<Project> chosen(List<Project> projects, List<String> names) {
        var unknown = new ArrayList<>(names);
        projects.forEach(project -> unknown.removeIf(project.name()::equals));
        if (!unknown.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "no project is called '%s'; there are %s"
                            .formatted(
                                    SafeText.line(unknown.getFirst()),
                                    projects.stream()
                                            .map(Project::name)
                                            .map(SafeText::line)
                                            .collect(Collectors.joining(", "))));
        }
        return projects.stream()
                .filter(project -> names.isEmpty() || names.contains(project.name()))
                .toList();
    }
}
