package airlock.yaml;

import airlock.text.SafeText;
import airlock.yaml.Node.Scalar;
import airlock.yaml.Node.ScalarType;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A type of scalars. Which of YAML's types fit comes first, then what the text is made into.
///
/// @param cure what to do with a scalar of another type, may be empty
/// @param make fails with an [IllegalArgumentException] whose message is for people
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

    @Override
    public Shape shape() {
        return new Shape.Single(fitting.stream().sorted().toList(), expected);
    }

    /// The same, and what it is read as is made into something else.
    ///
    /// @param next fails with an [IllegalArgumentException] whose message is for people where the
    ///     value can't be one
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
