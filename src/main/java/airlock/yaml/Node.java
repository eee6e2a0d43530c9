package airlock.yaml;

import java.util.List;
import java.util.Optional;

/// One node of a YAML document, in the core schema of YAML 1.2.2 (chapter 10.3). What an alias
/// stands for is the same object at every place; the reader has bounded how much that comes to.
public sealed interface Node {
    /// Where it begins.
    Position at();

    /// What it is, for people, with its article.
    String kind();

    /// A value without parts.
    ///
    /// @param type as the core schema resolves it; quoted and block scalars are always text
    /// @param text as written, quotes and escapes resolved
    record Scalar(Position at, ScalarType type, String text) implements Node {
        @Override
        public String kind() {
            return type.words;
        }
    }

    /// A list.
    record Sequence(Position at, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /// Keys with values, in the order of the file; no key is there twice.
    record Mapping(Position at, List<Entry> entries) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        /// The entry of `key`.
        public Optional<Entry> find(String key) {
            return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
        }
    }

    /// One line of a mapping.
    ///
    /// @param at where the key begins
    record Entry(Position at, String key, Node value) {}

    /// What a scalar is.
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

    /// Whether it is the empty value (`key:` with nothing after it, or `null`).
    default boolean isNothing() {
        return this instanceof Scalar scalar && scalar.type() == ScalarType.NOTHING;
    }
}
