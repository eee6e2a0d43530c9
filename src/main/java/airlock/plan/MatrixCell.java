package airlock.plan;

import airlock.base.Hash;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One way in which a plan with a matrix is run.
///
/// @param values by axis, in the order of the file
public record MatrixCell(Map<String, String> values) {
    /// The axis whose values are images.
    static final String IMAGE = "image";

    private static final String VARIABLE = "MATRIX_";

    /// Forges cut what is longer than some hundred characters, and plan and branch stand before it.
    private static final int LONGEST_NAME = 80;

    private static final int HASH = 8;
    private static final Pattern NOT_SHOWN = Pattern.compile("[^A-Za-z0-9._+:/@-]");

    public MatrixCell {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// What people and status contexts call it: `python=3.12,os=trixie`. It depends on the values
    /// alone. Where it would be too long or not all of a value can be shown, it ends in `~` and a
    /// part of a hash of all.
    public String name() {
        String readable = joined(value -> NOT_SHOWN.matcher(value).replaceAll("_"));
        String exact = joined(value -> value);
        if (readable.equals(exact) && exact.length() <= LONGEST_NAME) {
            return exact;
        }
        int room = Math.min(readable.length(), LONGEST_NAME - HASH - 1);
        return readable.substring(0, room) + "~" + hash(exact);
    }

    private String joined(UnaryOperator<String> shown) {
        return values.entrySet().stream()
                .map(value -> value.getKey() + "=" + shown.apply(value.getValue()))
                .collect(Collectors.joining(","));
    }

    /// The variables that it sets, by name.
    Map<String, String> variables() {
        return values.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                value -> VARIABLE + value.getKey().toUpperCase(Locale.ROOT),
                                Map.Entry::getValue));
    }

    /// Whether `name` is called like a variable of a matrix.
    static boolean isVariable(String name) {
        return name.startsWith(VARIABLE);
    }

    /// The image that it chooses.
    Optional<String> image() {
        return Optional.ofNullable(values.get(IMAGE));
    }

    private static String hash(String text) {
        return Hash.sha256(text).substring(0, HASH);
    }
}
