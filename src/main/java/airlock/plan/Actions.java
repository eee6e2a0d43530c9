package airlock.plan;

import airlock.event.Phase;
import airlock.yaml.Node;
import airlock.yaml.Problems;
import airlock.yaml.YamlLimits;
import airlock.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All actions: those in `actions.yaml`, and those that need a class of their own.
public final class Actions {
    private static final List<ActionKind> CLASSES =
            List.of(ShellAction.KIND, SetenvAction.KIND, CustomAction.KIND, HttpGetAction.KIND);

    /// In the order of the documentation.
    public static final List<ActionKind> ALL = read(Script.file("actions.yaml"));

    private Actions() {}

    /// Parses `actions.yaml`.
    ///
    /// @throws IllegalStateException if it is not valid
    static List<ActionKind> read(String text) {
        var problems = new Problems("actions.yaml");
        var items =
                new YamlReader(YamlLimits.HAND_WRITTEN)
                        .read(text.getBytes(StandardCharsets.UTF_8), problems.top());
        if (problems.errors() > 0 || !(items.orElseThrow() instanceof Node.Sequence list)) {
            throw new IllegalStateException("not a list: " + problems.listErrors());
        }
        return list.items().stream().map(Actions::kind).toList();
    }

    private static ActionKind kind(Node item) {
        return item instanceof Node.Scalar name
                ? find(CLASSES.stream(), name.text()).orElseThrow()
                : ActionDescriptor.of(JsonArguments.json(item)).kind();
    }

    static Optional<ActionKind> find(String name) {
        return find(ALL.stream(), name);
    }

    private static Optional<ActionKind> find(Stream<ActionKind> kinds, String name) {
        return kinds.filter(kind -> kind.name().equals(name)).findFirst();
    }

    /// The names of actions that `phase` of `file` may have.
    static List<String> names(PlanFile file, Phase phase) {
        return ALL.stream().filter(kind -> kind.fits(file, phase)).map(ActionKind::name).toList();
    }
}
