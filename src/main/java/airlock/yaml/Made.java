package airlock.yaml;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A type that is made from another.
record Made<S, T>(Type<S> from, String expected, Function<S, T> make) implements Type<T> {
    @Override
    public Optional<T> read(Node node, Place place) {
        return from.read(node, place).flatMap(value -> make(value, place.at(node.at())));
    }

    private Optional<T> make(S value, Place place) {
        try {
            return Optional.of(make.apply(value));
        } catch (IllegalArgumentException e) {
            String reason = e.getMessage();
            place.error(reason == null ? "does not fit" : reason, expected);
            return Optional.empty();
        }
    }

    @Override
    public List<Section<?>> sections() {
        return from.sections();
    }
}
