package airlock.yaml;

import airlock.yaml.Node.Entry;
import airlock.yaml.Node.Mapping;
import airlock.yaml.Node.Scalar;
import airlock.yaml.Node.ScalarType;
import airlock.yaml.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;

/// Builds the tree of one document from the parser's events and enforces the limits. An alias
/// counts as much as its target, so walking a tree never exceeds them.
final class Composer {
    private static final String CORE = "tag:yaml.org,2002:";

    private final Iterator<Event> events;
    private final YamlLimits limits;
    private final Place file;

    /// By name; empty until the anchored node is complete.
    private final Map<String, Optional<Anchored>> anchors = new HashMap<>();

    private int nodes;
    private int characters;
    private int aliases;
    private Position reached = Position.START;

    private record Anchored(Built built, int nodes, int characters) {}

    private record Built(Node node, int height) {}

    Composer(Iterator<Event> events, YamlLimits limits, Place file) {
        this.events = events;
        this.limits = limits;
        this.file = file;
    }

    Node document() throws Refusal {
        next(); // the stream's start
        Event event = next();
        if (event.getEventId() == Event.ID.StreamEnd) {
            return new Scalar(Position.START, ScalarType.NOTHING, "");
        }
        Node root = compose(next(), file, 1).node();
        next(); // the document's end
        Event after = next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            throw new Refusal(file.at(position(after)), "a second document; expected only one");
        }
        return root;
    }

    private Event next() throws Refusal {
        try {
            Event event = events.next();
            reached = position(event);
            return event;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // bugs of the parser, such as `\x` before a character that is not a hex digit
            throw new Refusal(file.at(reached), "not valid YAML after this: " + e.getMessage());
        }
    }

    private Built compose(Event event, Place place, int depth) throws Refusal {
        Place here = place.at(position(event));
        checkDepth(depth, here);
        if (event instanceof AliasEvent alias) {
            return resolve(alias.getAlias().getValue(), here, depth);
        }
        int nodesBefore = nodes;
        int charactersBefore = characters;
        String anchor = ((NodeEvent) event).getAnchor().map(a -> a.getValue()).orElse("");
        anchors.put(anchor, Optional.empty()); // no alias can name the anchor ""
        count(1, 0, here);
        Built built =
                switch (event) {
                    case ScalarEvent scalar -> new Built(scalar(scalar, here), 1);
                    case SequenceStartEvent start -> sequence(start, here, depth);
                    case MappingStartEvent start -> mapping(start, here, depth);
                    default -> throw new IllegalStateException("no node begins with " + event);
                };
        var anchored = new Anchored(built, nodes - nodesBefore, characters - charactersBefore);
        anchors.put(anchor, Optional.of(anchored));
        return built;
    }

    private void checkDepth(int depth, Place here) throws Refusal {
        if (depth > limits.depth()) {
            throw new Refusal(here, "nested more than %d levels deep".formatted(limits.depth()));
        }
    }

    private Built resolve(String name, Place here, int depth) throws Refusal {
        if (++aliases > limits.aliases()) {
            throw new Refusal(here, "more than %d aliases".formatted(limits.aliases()));
        }
        if (!anchors.containsKey(name)) {
            throw new Refusal(here, "no anchor &" + name + " before this alias");
        }
        var anchored =
                anchors.getOrDefault(name, Optional.empty())
                        .orElseThrow(
                                () -> new Refusal(here, "alias *" + name + " contains itself"));
        count(anchored.nodes(), anchored.characters(), here);
        checkDepth(depth + anchored.built().height() - 1, here);
        return anchored.built();
    }

    private Scalar scalar(ScalarEvent event, Place here) throws Refusal {
        String text = event.getValue();
        count(0, text.length(), here);
        String tag = event.getTag().orElse(event.isPlain() ? "" : "!");
        boolean isText = tag.equals("!") || tag.equals(CORE + "str");
        ScalarType type = isText ? ScalarType.TEXT : ofPlain(text);
        if (!tag.isEmpty()) {
            checkTag(
                    tag,
                    switch (type) {
                        case TEXT -> List.of("str");
                        case INTEGER -> List.of("int", "float");
                        case DECIMAL -> List.of("float");
                        case FLAG -> List.of("bool");
                        case NOTHING -> List.of("null");
                    },
                    here);
        }
        return new Scalar(position(event), type, text);
    }

    private static void checkTag(String tag, List<String> fitting, Place here) throws Refusal {
        if (!tag.equals("!") && fitting.stream().noneMatch(name -> tag.equals(CORE + name))) {
            throw new Refusal(here, "tag " + tag + " does not fit here");
        }
    }

    /// The type of a plain scalar by the core schema (YAML 1.2.2, 10.3.2): `no`, `off` and dates
    /// are texts. The library's `resolve` is not used because it does not know `~`.
    private static ScalarType ofPlain(String text) {
        if (text.isEmpty() || CoreScalarResolver.NULL.matcher(text).matches()) {
            return ScalarType.NOTHING;
        }
        if (CoreScalarResolver.BOOL.matcher(text).matches()) {
            return ScalarType.FLAG;
        }
        if (CoreScalarResolver.INT.matcher(text).matches()) {
            return ScalarType.INTEGER;
        }
        return CoreScalarResolver.FLOAT.matcher(text).matches()
                ? ScalarType.DECIMAL
                : ScalarType.TEXT;
    }

    private Built sequence(SequenceStartEvent start, Place here, int depth) throws Refusal {
        checkTag(start.getTag().orElse("!"), List.of("seq"), here);
        List<Node> items = new ArrayList<>();
        int height = 0;
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            Built item = compose(event, here.item(items.size(), position(event)), depth + 1);
            items.add(item.node());
            height = Math.max(height, item.height());
        }
        return new Built(new Sequence(position(start), items), height + 1);
    }

    private Built mapping(MappingStartEvent start, Place here, int depth) throws Refusal {
        checkTag(start.getTag().orElse("!"), List.of("map"), here);
        List<Entry> entries = new ArrayList<>();
        var names = new HashSet<String>();
        int height = 0;
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            Built key = compose(event, here, depth + 1);
            if (!(key.node() instanceof Scalar name)) {
                throw new Refusal(here.at(position(event)), "a key that is " + key.node().kind());
            }
            Place place = here.key(name.text(), position(event));
            Built value = compose(next(), place, depth + 1);
            if (names.add(name.text())) {
                entries.add(new Entry(position(event), name.text(), value.node()));
            } else {
                place.error("duplicate key");
            }
            height = Math.max(height, value.height());
        }
        return new Built(new Mapping(position(start), entries), height + 1);
    }

    private void count(int moreNodes, int moreCharacters, Place here) throws Refusal {
        nodes += moreNodes;
        characters += moreCharacters;
        if (nodes > limits.nodes()) {
            throw new Refusal(here, "more than %,d values and keys".formatted(limits.nodes()));
        }
        if (characters > limits.characters()) {
            throw new Refusal(here, "more than %,d characters".formatted(limits.characters()));
        }
    }

    private static Position position(Event event) {
        return event.getStartMark().map(Composer::position).orElse(Position.START);
    }

    static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    /// Reports its reason; the rest of the document can't be read.
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(Place place, String reason) {
            super(reason, null, false, false);
            place.error(reason);
        }
    }
}
