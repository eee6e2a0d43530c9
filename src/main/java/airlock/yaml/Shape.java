package airlock.yaml;

import java.util.List;
import java.util.Map;

/// What values of a type look like, as far as it can be said without reading one: what editors
/// complete and check ([JsonSchema]). A value that has the shape may still not fit.
public sealed interface Shape {
    /// Any value.
    record Anything() implements Shape {}

    /// A value without parts.
    ///
    /// @param types those that fit
    /// @param expected for people
    record Single(List<Node.ScalarType> types, String expected) implements Shape {
        public Single {
            types = List.copyOf(types);
        }
    }

    /// One of these words.
    record Words(List<String> words) implements Shape {
        public Words {
            words = List.copyOf(words);
        }
    }

    /// A list of `least` to `most` items.
    record Items(Shape item, int least, int most) implements Shape {}

    /// A mapping whose keys the user chooses.
    record Names(Shape value) implements Shape {}

    /// A mapping with known keys.
    ///
    /// @param strict whether others are errors
    record Keys(Section<?> section, boolean strict) implements Shape {}

    /// A mapping whose `tag` says which other keys there may be.
    ///
    /// @param strict whether others are errors
    record Tagged(String tag, Map<String, Section<?>> sections, boolean strict) implements Shape {
        public Tagged {
            sections = Map.copyOf(sections);
        }
    }

    /// Either of them.
    record Either(List<Shape> shapes) implements Shape {
        public Either {
            shapes = List.copyOf(shapes);
        }
    }

    /// The empty value, or another.
    static Shape orNothing(Shape shape) {
        return new Either(List.of(new Single(List.of(Node.ScalarType.NOTHING), "nothing"), shape));
    }
}
