package airlock.ambient;

import airlock.base.FileFaults;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.text.SafeText;
import airlock.yaml.Key;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one project: `source`, `image` and the keys of a plan file. Unknown keys beside them are
/// warnings, since Ambient ignores them.
final class ProjectType implements Type<ProjectType.Found> {
    private static final Key<String> SOURCE =
            Key.required("source", Scalars.TEXT, "The directory to be tested.");
    private static final Key<String> IMAGE =
            Key.required("image", Scalars.TEXT, "The disk that it is tested on.");
    private static final List<String> OF_PLAN = PlanReader.keys(PlanFile.AMBIENT);

    private final Path directory;
    private final Path home;
    private final boolean looksForImages;

    /// @param directory where relative paths start
    /// @param home what `~` stands for
    /// @param looksForImages whether an image has to be there
    ProjectType(Path directory, Path home, boolean looksForImages) {
        this.directory = directory;
        this.home = home;
        this.looksForImages = looksForImages;
    }

    /// A project whose plan has no text of its own yet.
    record Found(Path source, Path image, Plan plan, List<Node.Entry> entries) {}

    private record Places(Path source, Path image) {}

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

    /// The keys of a plan are known here and read elsewhere.
    private Section<Places> section() {
        var keys = new ArrayList<Key<?>>(List.of(SOURCE, IMAGE));
        OF_PLAN.forEach(name -> keys.add(Key.free(name, new Unread(), "", "")));
        return new Section<>("projects.NAME", "A project.", keys, this::make);
    }

    private record Unread() implements Type<Node> {
        @Override
        public String expected() {
            return "anything";
        }

        @Override
        public Optional<Node> read(Node node, Place place) {
            return Optional.of(node);
        }
    }

    private Places make(Values values) {
        Path source = path(values, SOURCE);
        if (!Files.exists(source)) {
            values.place(SOURCE).error("there is no directory " + shown(source));
        } else if (!Files.isDirectory(source)) {
            values.place(SOURCE).error(shown(source) + " is no directory");
        }
        Path image = path(values, IMAGE);
        if (looksForImages && !Files.exists(image)) {
            values.place(IMAGE).error("there is no file " + shown(image));
        }
        return new Places(source, image);
    }

    /// What can't be a path is told, and something else given.
    private Path path(Values values, Key<String> key) {
        String text = values.get(key);
        try {
            Path path = directory.resolve(expanded(text)).toAbsolutePath().normalize();
            return Files.exists(path) ? path.toRealPath() : path;
        } catch (InvalidPathException e) {
            values.place(key).error("no path: " + e.getReason());
        } catch (IOException e) {
            values.place(key)
                    .error(SafeText.quoted(text) + " can't be looked at: " + FileFaults.words(e));
        }
        return directory;
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
