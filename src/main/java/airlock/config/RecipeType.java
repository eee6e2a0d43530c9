package airlock.config;

import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A recipe: the name of a built-in one, or a file, which has a slash or ends with `.recipe`.
///
/// @param path reads a file's path
record RecipeType(Type<Path> path) implements Type<Function<String, ImageConfig>> {
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
    private static final Type<String> NAME = Scalars.choice(BUILT_IN, name -> name);

    @Override
    public String expected() {
        return NAME.expected() + ", or a path";
    }

    @Override
    public Optional<Function<String, ImageConfig>> read(Node node, Place place) {
        boolean isFile =
                node instanceof Node.Scalar scalar
                        && (scalar.text().contains("/") || scalar.text().endsWith(".recipe"));
        return isFile
                ? path.read(node, place).map(file -> name -> new ImageConfig.RecipeFile(name, file))
                : NAME.read(node, place)
                        .map(recipe -> name -> new ImageConfig.BuiltIn(name, recipe));
    }
}
