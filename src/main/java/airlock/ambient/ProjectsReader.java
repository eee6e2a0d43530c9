package airlock.ambient;

import airlock.base.FileFaults;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Position;
import airlock.yaml.Problem;
import airlock.yaml.Problems;
import airlock.yaml.Report;
import airlock.yaml.Section;
import airlock.yaml.YamlLimits;
import airlock.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reads Ambient's projects file: what Ambient 0.21 takes is taken, what it refuses refused.
/// Whatever the bytes are, it answers with a value.
public final class ProjectsReader {
    /// Room for some hundred projects.
    private static final YamlLimits LIMITS =
            new YamlLimits(8 << 20, 100_000, 16 << 20, YamlLimits.HAND_WRITTEN.depth(), 2_000);

    private final Path home;
    private final boolean looksForImages;

    /// @param home what `~` stands for
    /// @param looksForImages whether an image that is not there is a mistake, as it is to Ambient
    public ProjectsReader(Path home, boolean looksForImages) {
        this.home = home;
        this.looksForImages = looksForImages;
    }

    /// Reads `file`; relative paths in it start from its directory.
    public ProjectsReading read(Path file) {
        var problems = new Problems(file.toString());
        try (InputStream in = Files.newInputStream(file)) {
            return read(file, in.readNBytes(LIMITS.bytes() + 1));
        } catch (NoSuchFileException e) {
            problems.top().error("no such file");
        } catch (IOException e) {
            problems.top().error("can't be read: " + FileFaults.words(e));
        }
        return new ProjectsReading.Invalid(problems.listErrors(), "");
    }

    /// Reads `bytes` as if they were in `file`.
    ProjectsReading read(Path file, byte[] bytes) {
        var problems = new Problems(file.toString());
        Path directory =
                Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        Optional<Map<String, ProjectType.Found>> found =
                new YamlReader(LIMITS)
                        .read(bytes, problems.top())
                        .flatMap(node -> section(directory).read(node, problems.top().lenient()));
        List<Project> projects = List.of();
        if (found.isPresent() && problems.errors() == 0) {
            projects = projects(found.get(), problems);
        }
        if (found.isPresent() && problems.errors() == 0) {
            return new ProjectsReading.Read(projects, problems.listWarnings());
        }
        var errors = problems.listErrors();
        return new ProjectsReading.Invalid(errors, new Report(bytes).of(errors));
    }

    private Section<Map<String, ProjectType.Found>> section(Path directory) {
        Key<Map<String, ProjectType.Found>> projects =
                Key.required(
                        "projects",
                        Compounds.mapping(
                                new ProjectType(directory, home, looksForImages),
                                _ -> true,
                                "a name"),
                        "The projects by name.");
        return new Section<>(
                "The projects file",
                "Ambient's projects.",
                List.of(projects),
                values -> values.get(projects));
    }

    /// What Ambient ignores is left out of the plan's own text, so that nobody tells it again.
    private static List<Project> projects(Map<String, ProjectType.Found> found, Problems problems) {
        Set<Position> ignored =
                problems.listWarnings().stream()
                        .filter(warning -> warning.what().startsWith(Place.UNKNOWN_KEY))
                        .map(Problem::at)
                        .collect(Collectors.toSet());
        var projects = new ArrayList<Project>();
        for (var entry : new TreeMap<>(found).entrySet()) {
            var project = entry.getValue();
            byte[] text = FlowText.of(project.entries(), ignored).getBytes(StandardCharsets.UTF_8);
            Place place = problems.top().key("projects", Position.START);
            if (isPlan(text, place.key(entry.getKey(), at(project)))) {
                projects.add(
                        new Project(
                                entry.getKey(),
                                project.source(),
                                project.image(),
                                project.plan(),
                                text));
            }
        }
        return projects;
    }

    private static Position at(ProjectType.Found project) {
        return project.entries().stream().map(Node.Entry::at).findFirst().orElse(Position.START);
    }

    /// What stands here through aliases can be larger than a plan file may be, or a phase have more
    /// than its machine takes.
    private static boolean isPlan(byte[] text, Place place) {
        return switch (new PlanReader().read(PlanFile.AMBIENT, text)) {
            case PlanReading.Read _ -> true;
            case PlanReading.Invalid invalid -> {
                place.error("as a plan of its own: " + invalid.problems().getFirst().what());
                yield false;
            }
            case PlanReading.Absent _ -> throw new IllegalStateException("it was given");
        };
    }
}
