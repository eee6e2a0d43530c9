package airlock.ambient;

import airlock.base.FileFaults;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanSettings;
import airlock.text.SafeText;
import airlock.yaml.Binder;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads a project: `source`, `image` and the keys of a plan file. Further unknown keys are
/// warnings, since Ambient ignores them.
final class ProjectType implements Type<ProjectType.Found> {
    private static final List<String> OF_PLAN = PlanSettings.AMBIENT;

    private final Path directory;
    private final Path home;
    private final boolean looksForImages;

    /// @param directory base of relative paths
    /// @param home replaces `~`
    /// @param looksForImages whether a missing image is an error
    ProjectType(Path directory, Path home, boolean looksForImages) {
        this.directory = directory;
        this.home = home;
        this.looksForImages = looksForImages;
    }

    /// A project before its plan has been written as a file of its own.
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
                        new Found(places.get().source(), places.get().image(), plan.get(), ofPlan))
                : Optional.empty();
    }

    /// Ignores the keys of a plan, which [PlanReader] reads.
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
