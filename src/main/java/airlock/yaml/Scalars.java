package airlock.yaml;

import airlock.text.SafeText;
import airlock.yaml.Node.Scalar;
import airlock.yaml.Node.ScalarType;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Types of values without parts.
public final class Scalars {
    /// Any text. Numbers and `true` need quotes to be one.
    public static final ScalarReader<String> TEXT =
            new ScalarReader<>("a text", "quotes", Set.of(ScalarType.TEXT), Scalar::text);

    /// A text or a whole number as written: ids.
    public static final ScalarReader<String> WORD =
            new ScalarReader<>(
                    "a text or whole number",
                    "quotes",
                    Set.of(ScalarType.TEXT, ScalarType.INTEGER),
                    Scalar::text);

    public static final Type<Boolean> FLAG =
            new ScalarReader<>(
                    "true or false",
                    "",
                    Set.of(ScalarType.FLAG),
                    scalar -> scalar.text().equalsIgnoreCase("true"));

    private Scalars() {}

    /// `true`, `false` or one word.
    public static <T> Type<T> flagOr(T yes, T no, String word, T neither) {
        return new ScalarReader<>(
                "true, false or " + word,
                "",
                Set.of(ScalarType.FLAG, ScalarType.TEXT),
                scalar -> {
                    if (scalar.type() == ScalarType.FLAG) {
                        return scalar.text().equalsIgnoreCase("true") ? yes : no;
                    }
                    if (scalar.text().equals(word)) {
                        return neither;
                    }
                    throw new IllegalArgumentException("found " + SafeText.quoted(scalar.text()));
                });
    }

    /// A whole number from `least` to `most`.
    public static Type<Long> integer(long least, long most) {
        String expected = "a whole number from %,d to %,d".formatted(least, most);
        return new ScalarReader<>(
                expected,
                "",
                Set.of(ScalarType.INTEGER),
                scalar -> within(Units.integer(scalar.text()), least, most, scalar.text()));
    }

    /// A size in bytes, with or without a unit.
    public static Type<Long> size(long least, long most) {
        String expected =
                "a size such as 10 MB or 1 GiB, from %s to %s"
                        .formatted(Units.showSize(least), Units.showSize(most));
        return new ScalarReader<>(
                expected,
                "",
                Set.of(ScalarType.TEXT, ScalarType.INTEGER),
                scalar -> within(Units.size(scalar.text()), least, most, scalar.text()));
    }

    /// A duration with its unit.
    public static Type<Duration> duration(Duration least, Duration most) {
        String expected =
                "a duration such as 30s, 10m or 2h, from %s to %s"
                        .formatted(Units.showDuration(least), Units.showDuration(most));
        return new ScalarReader<>(
                expected,
                "a unit",
                Set.of(ScalarType.TEXT),
                scalar ->
                        Duration.ofSeconds(
                                within(
                                        Units.seconds(scalar.text()),
                                        least.toSeconds(),
                                        most.toSeconds(),
                                        scalar.text())));
    }

    /// A text that `fits`.
    public static Type<String> matching(String expected, Predicate<String> fits) {
        return TEXT.as(
                expected,
                text -> {
                    if (!fits.test(text)) {
                        throw new IllegalArgumentException(SafeText.quoted(text) + " does not fit");
                    }
                    return text;
                });
    }

    public static <T> Type<T> choice(Map<String, T> words) {
        return new Choice<>(words);
    }

    public static <T> Type<T> choice(List<T> values, Function<T, String> word) {
        var words = new LinkedHashMap<String, T>();
        values.forEach(value -> words.put(word.apply(value), value));
        return choice(words);
    }

    private static long within(BigInteger value, long least, long most, String shown) {
        if (value.compareTo(BigInteger.valueOf(least)) < 0) {
            throw new IllegalArgumentException(SafeText.quoted(shown) + " is too small");
        }
        if (value.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new IllegalArgumentException(SafeText.quoted(shown) + " is too large");
        }
        return value.longValueExact();
    }

    record Choice<T>(Map<String, T> words) implements Type<T> {
        @Override
        public String expected() {
            return String.join(", ", words.keySet());
        }

        @Override
        public Optional<T> read(Node node, Place place) {
            Optional<String> word = TEXT.read(node, place);
            if (word.isPresent() && !words.containsKey(word.get())) {
                place.at(node.at())
                        .unknown(
                                "unknown word " + SafeText.quoted(word.get()),
                                word.get(),
                                words.keySet());
            }
            return word.map(words::get);
        }
    }
}
