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

/// A combination of values with which a plan with a matrix is run.
///
/// @param values by axis, in the order of the file
public record MatrixCell(Map<String, String> values) {
    /// The axis of images.
    static final String IMAGE = "image";

    private static final String VARIABLE = "MATRIX_";

    /// Forges cut long contexts, and plan and branch come first.
    private static final int LONGEST_NAME = 80;

    private static final int HASH = 8;
    private static final Pattern NOT_SHOWN = Pattern.compile("[^A-Za-z0-9._+:/@-]");

    public MatrixCell {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// The name in pages and status contexts: `python=3.12,os=trixie`. It depends only on the
    /// values. If it is too long or has unprintable characters, it ends in `~` and a part of a
    /// hash.
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

    /// The environment variables of its values.
    Map<String, String> variables() {
        return values.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                value -> VARIABLE + value.getKey().toUpperCase(Locale.ROOT),
                                Map.Entry::getValue));
    }

    /// Whether `name` has the form of a matrix variable.
    static boolean isVariable(String name) {
        return name.startsWith(VARIABLE);
    }

    Optional<String> image() {
        return Optional.ofNullable(values.get(IMAGE));
    }

    private static String hash(String text) {
        return Hash.sha256(text).substring(0, HASH);
    }
}
