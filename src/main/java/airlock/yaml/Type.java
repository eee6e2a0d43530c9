package airlock.yaml;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads one kind of value.
public interface Type<T> {
    /// What fits, for people, with its article: `a duration such as 30s, 10m or 2h`.
    String expected();

    /// The value of `node`; nothing where it does not fit, and then `place` has got the reason.
    Optional<T> read(Node node, Place place);

    /// What values look like.
    default Shape shape() {
        return new Shape.Anything();
    }

    /// The same values made into others.
    default <U> Type<U> map(Function<? super T, ? extends U> make) {
        return new Compounds.Mapped<>(this, make);
    }

    /// The sections that values of this type are made of, for documentation.
    default List<Section<?>> sections() {
        return List.of();
    }
}
