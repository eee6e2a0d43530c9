package airlock.ambient;

import airlock.yaml.Node;
import airlock.yaml.Node.Mapping;
import airlock.yaml.Node.Scalar;
import airlock.yaml.Node.Sequence;
import airlock.yaml.Position;
import java.util.List;
import java.util.Set;

/// Writes a part of a YAML file as a file of its own with the same values. Aliases are expanded;
/// the reader of the file has bounded their size.
final class FlowText {
    /// Longer keys need a question mark in YAML.
    private static final int LONGEST_KEY = 500;

    private static final int FIRST_PRINTABLE = ' ';
    private static final int LAST_OF_ASCII = '~';
    private static final int LAST_OF_SHORT = 0xffff;

    private final Set<Position> leftOut;
    private final StringBuilder text = new StringBuilder();

    private FlowText(Set<Position> leftOut) {
        this.leftOut = leftOut;
    }

    /// @param leftOut positions of keys to omit
    static String of(List<Node.Entry> entries, Set<Position> leftOut) {
        var flow = new FlowText(leftOut);
        flow.mapping(entries);
        return flow.text.append('\n').toString();
    }

    static String quoted(String value) {
        var flow = new FlowText(Set.of());
        flow.text(value);
        return flow.text.toString();
    }

    private void mapping(List<Node.Entry> entries) {
        text.append('{');
        String before = "";
        for (Node.Entry entry : entries) {
            if (!leftOut.contains(entry.at())) {
                text.append(before);
                before = ",\n";
                text.append(entry.key().length() > LONGEST_KEY ? "? " : "");
                text(entry.key());
                text.append(": ");
                node(entry.value());
            }
        }
        text.append('}');
    }

    private void node(Node node) {
        switch (node) {
            case Mapping mapping -> mapping(mapping.entries());
            case Sequence sequence -> {
                text.append('[');
                String before = "";
                for (Node item : sequence.items()) {
                    text.append(before);
                    before = ",\n";
                    node(item);
                }
                text.append(']');
            }
            case Scalar scalar -> scalar(scalar);
        }
    }

    private void scalar(Scalar scalar) {
        switch (scalar.type()) {
            case TEXT -> text(scalar.text());
            case NOTHING -> text.append("null");
            case INTEGER, DECIMAL, FLAG -> text.append(scalar.text());
        }
    }

    private void text(String value) {
        text.append('"');
        value.codePoints().forEach(this::character);
        text.append('"');
    }

    private void character(int c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append((char) c);
        } else if ((c >= FIRST_PRINTABLE && c <= LAST_OF_ASCII) || Character.isLetterOrDigit(c)) {
            text.appendCodePoint(c);
        } else if (c == '\n') {
            text.append("\\n");
        } else if (c <= LAST_OF_SHORT) {
            text.append("\\u%04x".formatted(c));
        } else {
            text.append("\\U%08x".formatted(c));
        }
    }
}
