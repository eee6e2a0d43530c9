package airlock.config;

import airlock.text.SafeText;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A recipe: the name of one that Airlock brings along, or a file, which is what has a slash in it
/// or ends with `.recipe`.
final class RecipeType implements Type<Function<String, ImageConfig>> {
    /// Those that Airlock brings along.
    static final List<String> BUILT_IN =
            List.of(
                    ImageConfig.DEFAULT,
                    "base",
                    "rust",
                    "node",
                    "python",
                    "go",
                    "java",
                    "debian-packaging");

    private final Surroundings surroundings;

    RecipeType(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public String expected() {
        return String.join(", ", BUILT_IN) + ", or a path";
    }

    @Override
    public Optional<Function<String, ImageConfig>> read(Node node, Place place) {
        return Scalars.TEXT.read(node, place).flatMap(text -> read(text, place.at(node.at())));
    }

    private Optional<Function<String, ImageConfig>> read(String text, Place here) {
        if (BUILT_IN.contains(text)) {
            return Optional.of(name -> new ImageConfig.BuiltIn(name, text));
        }
        if (!text.contains("/") && !text.endsWith(".recipe")) {
            here.unknown("unknown recipe " + SafeText.quoted(text), text, BUILT_IN);
            return Optional.empty();
        }
        try {
            var file = surroundings.resolve(text);
            return Optional.of(name -> new ImageConfig.RecipeFile(name, file));
        } catch (InvalidPathException e) {
            here.error("no path: " + e.getReason(), expected());
            return Optional.empty();
        }
    }
}
