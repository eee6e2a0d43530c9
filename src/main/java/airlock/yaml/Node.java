package airlock.yaml;

import java.util.List;
import java.util.Optional;

/// A node of a YAML document, in the core schema of YAML 1.2.2 (chapter 10.3). An alias and its
/// anchor share one object; the reader has bounded what that adds up to.
public sealed interface Node {
    Position at();

    /// A description for people, with its article: `a list`.
    String kind();

    /// A value without parts.
    ///
    /// @param type quoted and block scalars are always text
    /// @param text with quotes and escapes resolved
    record Scalar(Position at, ScalarType type, String text) implements Node {
        @Override
        public String kind() {
            return type.words;
        }
    }

    record Sequence(Position at, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /// Entries in the order of the file, without duplicate keys.
    record Mapping(Position at, List<Entry> entries) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        public Optional<Entry> find(String key) {
            return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
        }
    }

    /// A key with its value.
    ///
    /// @param at the position of the key
    record Entry(Position at, String key, Node value) {}

    enum ScalarType {
        TEXT("a text"),
        INTEGER("a whole number"),
        DECIMAL("a decimal number"),
        FLAG("true or false"),
        NOTHING("nothing");

        private final String words;

        ScalarType(String words) {
            this.words = words;
        }
    }

    /// Whether the value is missing (`key:`) or `null`.
    default boolean isNothing() {
        return this instanceof Scalar scalar && scalar.type() == ScalarType.NOTHING;
    }
}
