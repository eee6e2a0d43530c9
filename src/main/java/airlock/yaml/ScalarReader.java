package airlock.yaml;

import airlock.text.SafeText;
import airlock.yaml.Node.Scalar;
import airlock.yaml.Node.ScalarType;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A type of scalars: first it checks YAML's type, then it converts the text.
///
/// @param cure how to fix a scalar of another type; may be empty
/// @param make throws an [IllegalArgumentException] with a message for people
public record ScalarReader<T>(
        String expected, String cure, Set<ScalarType> fitting, Function<Scalar, T> make)
        implements Type<T> {
    @Override
    public Optional<T> read(Node node, Place place) {
        Place here = place.at(node.at());
        if (!(node instanceof Scalar scalar) || !fitting.contains(scalar.type())) {
            here.error("found " + found(node), expected);
            return Optional.empty();
        }
        try {
            return Optional.of(make.apply(scalar));
        } catch (IllegalArgumentException e) {
            String reason = e.getMessage();
            here.error(reason == null ? "does not fit" : reason, expected);
            return Optional.empty();
        }
    }

    /// This type with another conversion after it.
    ///
    /// @param next throws an [IllegalArgumentException] with a message for people
    public <U> Type<U> as(String what, Function<T, U> next) {
        return new ScalarReader<>(what, cure, fitting, make.andThen(next));
    }

    private String found(Node node) {
        if (!(node instanceof Scalar scalar) || node.isNothing()) {
            return node.kind();
        }
        String value = scalar.kind() + " (" + SafeText.quoted(scalar.text()) + ")";
        return cure.isEmpty() ? value : value + ", which needs " + cure;
    }
}
