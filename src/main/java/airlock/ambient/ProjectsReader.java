package airlock.ambient;

import airlock.base.FileFaults;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.plan.PlanSettings;
import airlock.text.SafeText;
import airlock.yaml.Binder;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Position;
import airlock.yaml.Problem;
import airlock.yaml.Problems;
import airlock.yaml.Reading;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import airlock.yaml.Values;
import airlock.yaml.YamlLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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

    /// Reads a project: `source`, `image` and the keys of a plan file. Further unknown keys are
    /// warnings, since Ambient ignores them.
    static final class ProjectType implements Type<ProjectType.Found> {
        private static final List<String> OF_PLAN = PlanSettings.AMBIENT;

        private final Path directory;
        private final Path home;
        private final boolean looksForImages;

        /// @param home replaces `~`
        /// @param looksForImages whether a missing image is an error
        ProjectType(Path directory, Path home, boolean looksForImages) {
            this.directory = directory;
            this.home = home;
            this.looksForImages = looksForImages;
        }

        record Found(Path source, Path image, Plan plan, List<Node.Entry> entries) {}

        @Setting.Group(title = "projects.NAME", about = "A project.")
        private record Places(
                @Setting(value = "The directory to be tested.", type = "path") Path source,
                @Setting(value = "The disk that it is tested on.", type = "path") Path image)
                implements Setting.Checked {
            @Override
            public void check(Values values) {
                if (!Files.isDirectory(source)) {
                    values.place("source")
                            .error(
                                    Files.exists(source)
                                            ? shown(source) + " is not a directory"
                                            : "there is no directory " + shown(source));
                }
            }
        }

        @Override
        public String expected() {
            return "a mapping with source, image and the keys of a plan";
        }

        @Override
        public Optional<Found> read(Node node, Place place) {
            if (!(node instanceof Node.Mapping mapping)) {
                place.at(node.at()).error("found " + node.kind(), expected());
                return Optional.empty();
            }
            var ofPlan = mapping.entries().stream().filter(e -> OF_PLAN.contains(e.key())).toList();
            Optional<Places> places = section().read(mapping.entries(), place.lenient());
            Optional<Plan> plan = new PlanReader().read(PlanFile.AMBIENT, ofPlan, place);
            return places.isPresent() && plan.isPresent()
                    ? Optional.of(
                            new Found(
                                    places.get().source(),
                                    places.get().image(),
                                    plan.get(),
                                    ofPlan))
                    : Optional.empty();
        }

        private Section<Places> section() {
            return Binder.standard()
                    .with("path", Scalars.TEXT.as("a text", this::path))
                    .section(Places.class)
                    .beside(OF_PLAN)
                    .checked(
                            (places, values) -> {
                                if (looksForImages && !Files.exists(places.image)) {
                                    values.place("image")
                                            .error("there is no file " + shown(places.image));
                                }
                            });
        }

        private Path path(String text) {
            try {
                Path path = directory.resolve(expanded(text)).toAbsolutePath().normalize();
                return Files.exists(path) ? path.toRealPath() : path;
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("no path: " + e.getReason(), e);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        SafeText.quoted(text) + " can't be looked at: " + FileFaults.words(e), e);
            }
        }

        private Path expanded(String text) {
            if (text.equals("~")) {
                return home;
            }
            return text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
        }

        private static String shown(Path path) {
            return SafeText.quoted(path.toString());
        }
    }
}
