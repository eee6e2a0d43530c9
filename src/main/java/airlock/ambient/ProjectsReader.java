package airlock.ambient;

import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.yaml.Binder;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Position;
import airlock.yaml.Problem;
import airlock.yaml.Problems;
import airlock.yaml.Reading;
import airlock.yaml.Setting;
import airlock.yaml.YamlLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reads Ambient's projects file: accepts what Ambient 0.21 accepts and refuses what it refuses.
/// Any bytes give a value.
public final class ProjectsReader {
    /// Enough for some hundred projects.
    private static final YamlLimits LIMITS =
            new YamlLimits(8 << 20, 100_000, 16 << 20, YamlLimits.HAND_WRITTEN.depth(), 2_000);

    private final Path home;
    private final boolean looksForImages;

    /// Creates a reader.
    ///
    /// @param home replaces `~`
    /// @param looksForImages whether a missing image is an error, as in Ambient
    public ProjectsReader(Path home, boolean looksForImages) {
        this.home = home;
        this.looksForImages = looksForImages;
    }

    /// Reads `file`; relative paths in it are resolved against its directory.
    ///
    /// @return the projects in the order of their names, as Ambient runs them
    public Reading<List<Project>> read(Path file) {
        return Reading.of(file, LIMITS, (node, problems) -> read(node, file, problems), "");
    }

    Reading<List<Project>> read(Path file, byte[] bytes) {
        return Reading.of(file, bytes, LIMITS, (node, problems) -> read(node, file, problems));
    }

    private Optional<List<Project>> read(Node node, Path file, Problems problems) {
        Path directory =
                Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        return Binder.standard()
                .with(ProjectType.Found.class, new ProjectType(directory, home, looksForImages))
                .section(ProjectsFile.class)
                .read(node, problems.top().lenient())
                .filter(_ -> problems.errors() == 0)
                .map(read -> projects(read.projects(), problems));
    }

    @Setting.Group(title = "The projects file", about = "Ambient's projects.")
    private record ProjectsFile(
            @Setting(pattern = "(?s).*", expected = "a name")
                    Map<String, ProjectType.Found> projects) {}

    /// Omits what Ambient ignores from the plan's own text, so that it is reported only once.
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

    /// Aliases can make a plan larger than a plan file may be, or a phase larger than its VM
    /// allows.
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
