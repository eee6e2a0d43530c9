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
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// Builds the tree of one document from the parser's events, and counts. An alias costs what it
/// stands for, so that a tree walked without a thought can't be larger than the limits.
final class Composer {
    private final Iterator<Event> events;
    private final YamlLimits limits;
    private final Place file;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int nodes;
    private int characters;
    private int aliases;
    private Position reached = Position.START;

    /// What an anchor names.
    private sealed interface Anchored {
        /// Not read to its end yet.
        record Open() implements Anchored {}

        record Closed(Built built, int nodes, int characters) implements Anchored {}
    }

    /// @param height levels of nesting, 1 for a scalar
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
            // the parser's own slips, such as `\x` before something that is no hex digit
            throw new Refusal(file.at(reached), "not valid YAML after this: " + e.getMessage());
        }
    }

    private Built compose(Event event, Place place, int depth) throws Refusal {
        Place here = place.at(position(event));
        if (depth > limits.depth()) {
            throw new Refusal(here, "nested more than %d levels deep".formatted(limits.depth()));
        }
        if (event instanceof AliasEvent alias) {
            return resolve(alias.getAlias().getValue(), here, depth);
        }
        int nodesBefore = nodes;
        int charactersBefore = characters;
        String anchor = ((NodeEvent) event).getAnchor().map(a -> a.getValue()).orElse("");
        anchors.put(anchor, new Anchored.Open()); // no alias can name the empty anchor
        count(1, 0, here);
        Built built =
                switch (event) {
                    case ScalarEvent scalar -> new Built(scalar(scalar, here), 1);
                    case SequenceStartEvent start -> sequence(start, here, depth);
                    case MappingStartEvent start -> mapping(start, here, depth);
                    default -> throw new IllegalStateException("no node begins with " + event);
                };
        anchors.put(
                anchor,
                new Anchored.Closed(built, nodes - nodesBefore, characters - charactersBefore));
        return built;
    }

    private Built resolve(String name, Place here, int depth) throws Refusal {
        if (++aliases > limits.aliases()) {
            throw new Refusal(here, "more than %d aliases".formatted(limits.aliases()));
        }
        return switch (anchors.get(name)) {
            case null -> throw new Refusal(here, "no anchor &" + name + " before this alias");
            case Anchored.Open _ -> throw new Refusal(here, "alias *" + name + " contains itself");
            case Anchored.Closed closed -> {
                count(closed.nodes(), closed.characters(), here);
                if (depth + closed.built().height() - 1 > limits.depth()) {
                    throw new Refusal(
                            here, "nested more than %d levels deep".formatted(limits.depth()));
                }
                yield closed.built();
            }
        };
    }

    private Scalar scalar(ScalarEvent event, Place here) throws Refusal {
        String text = event.getValue();
        count(0, text.length(), here);
        String tag = event.getTag().orElse("");
        if (!tag.isEmpty()) {
            ScalarType type =
                    CoreSchema.ofTag(tag, text)
                            .orElseThrow(
                                    () -> new Refusal(here, "tag " + tag + " does not fit here"));
            return new Scalar(position(event), type, text);
        }
        ScalarType type = event.isPlain() ? CoreSchema.ofPlain(text) : ScalarType.TEXT;
        return new Scalar(position(event), type, text);
    }

    private Built sequence(SequenceStartEvent start, Place here, int depth) throws Refusal {
        checkTag(start.getTag().orElse("!"), true, here);
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
        checkTag(start.getTag().orElse("!"), false, here);
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
                place.error("key is there twice");
            }
            height = Math.max(height, value.height());
        }
        return new Built(new Mapping(position(start), entries), height + 1);
    }

    private static void checkTag(String tag, boolean sequence, Place here) throws Refusal {
        if (!CoreSchema.fitsCollection(tag, sequence)) {
            throw new Refusal(here, "tag " + tag + " does not fit here");
        }
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

    /// The document can't be read on from here.
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Place place;
        private final String reason;

        Refusal(Place place, String reason) {
            super(reason, null, false, false);
            this.place = place;
            this.reason = reason;
        }

        void report() {
            place.error(reason);
        }
    }
}
