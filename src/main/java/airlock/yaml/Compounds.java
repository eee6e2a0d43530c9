package airlock.yaml;

import airlock.yaml.Node.Mapping;
import airlock.yaml.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Types of lists, and of mappings whose keys the user chooses.
public final class Compounds {
    private Compounds() {}

    /// A list of `least` to `most` items.
    public static <T> Type<List<T>> list(Type<T> item, int least, int most) {
        return new ListOf<>(item, least, most, false);
    }

    /// A list of 1 to `most` items; a single item needs no list around it.
    public static <T> Type<List<T>> oneOrList(Type<T> item, int most) {
        return new ListOf<>(item, 1, most, true);
    }

    /// A mapping from names to values, in the order of the file.
    ///
    /// @param expectedName describes a valid name in error messages
    public static <T> Type<Map<String, T>> mapping(
            Type<T> value, Predicate<String> nameIs, String expectedName) {
        return new MappingOf<>(value, nameIs, expectedName);
    }

    /// A type that reads the empty value as `absent`.
    public static <T> Type<T> orNothing(Type<T> type, T absent) {
        return new OrNothing<>(type, absent);
    }

    /// A type whose values are mappings or scalars.
    public static <T> Type<T> mappingOr(Type<T> mapping, Type<T> scalar, String expected) {
        return new MappingOr<>(mapping, scalar, expected);
    }

    record MappingOr<T>(Type<T> mapping, Type<T> scalar, String expected) implements Type<T> {
        @Override
        public Optional<T> read(Node node, Place place) {
            return switch (node) {
                case Mapping _ -> mapping.read(node, place);
                case Node.Scalar _ -> scalar.read(node, place);
                case Sequence _ -> {
                    place.at(node.at()).error("found " + node.kind(), expected);
                    yield Optional.empty();
                }
            };
        }
    }

    record ListOf<T>(Type<T> item, int least, int most, boolean bare) implements Type<List<T>> {
        @Override
        public String expected() {
            if (bare) {
                return item.expected() + ", or a list of at most " + most;
            }
            return "a list, each item " + item.expected();
        }

        @Override
        public Optional<List<T>> read(Node node, Place place) {
            Place here = place.at(node.at());
            if (bare && !(node instanceof Sequence)) {
                return item.read(node, place).map(List::of);
            }
            if (!(node instanceof Sequence sequence)) {
                here.error("found " + node.kind(), expected());
                return Optional.empty();
            }
            int errorsBefore = here.errors();
            int size = sequence.items().size();
            if (size < least || size > most) {
                here.error("%,d items".formatted(size), "%,d to %,d".formatted(least, most));
                return Optional.empty();
            }
            List<T> values = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                Node child = sequence.items().get(i);
                item.read(child, place.item(i, child.at())).ifPresent(values::add);
            }
            return here.errors() > errorsBefore ? Optional.empty() : Optional.of(values);
        }
    }

    record MappingOf<T>(Type<T> value, Predicate<String> nameIs, String expectedName)
            implements Type<Map<String, T>> {
        @Override
        public String expected() {
            return "a mapping from " + expectedName + " to " + value.expected();
        }

        @Override
        public Optional<Map<String, T>> read(Node node, Place place) {
            Place here = place.at(node.at());
            if (!(node instanceof Mapping mapping)) {
                here.error("found " + node.kind(), expected());
                return Optional.empty();
            }
            int errorsBefore = here.errors();
            Map<String, T> values = new LinkedHashMap<>();
            for (Node.Entry entry : mapping.entries()) {
                Place child = place.key(entry.key(), entry.at());
                if (!nameIs.test(entry.key())) {
                    child.error("the name does not fit", expectedName);
                }
                value.read(entry.value(), child).ifPresent(v -> values.put(entry.key(), v));
            }
            return here.errors() > errorsBefore ? Optional.empty() : Optional.of(values);
        }
    }

    record Mapped<T, U>(Type<T> type, Function<? super T, ? extends U> make) implements Type<U> {
        @Override
        public String expected() {
            return type.expected();
        }

        @Override
        public Optional<U> read(Node node, Place place) {
            return type.read(node, place).map(make);
        }
    }

    record OrNothing<T>(Type<T> type, T absent) implements Type<T> {
        @Override
        public String expected() {
            return type.expected();
        }

        @Override
        public Optional<T> read(Node node, Place place) {
            return node.isNothing() ? Optional.of(absent) : type.read(node, place);
        }
    }
}
