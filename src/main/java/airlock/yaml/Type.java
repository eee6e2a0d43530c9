package airlock.yaml;

import java.util.Optional;
import java.util.function.Function;

public interface Type<T> {
    /// A description for people, with its article: `a duration such as 30s, 10m or 2h`.
    String expected();

    /// Returns the value of `node`, or empty after reporting the reason to `place`.
    Optional<T> read(Node node, Place place);

    /// This type with a conversion that cannot fail.
    default <U> Type<U> map(Function<? super T, ? extends U> make) {
        return new Compounds.Mapped<>(this, make);
    }
}
