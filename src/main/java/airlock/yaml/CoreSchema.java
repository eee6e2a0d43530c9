package airlock.yaml;

import airlock.yaml.Node.ScalarType;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which type a plain scalar has, by the core schema (YAML 1.2.2, 10.3.2). So `no`, `off` and dates
/// are texts.
final class CoreSchema {
    private static final String PREFIX = "tag:yaml.org,2002:";
    private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern FLAG = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern INTEGER =
            Pattern.compile("[-+]?[0-9]++|0o[0-7]++|0x[0-9a-fA-F]++");
    private static final Pattern DECIMAL =
            Pattern.compile(
                    "[-+]?(?:\\.[0-9]++|[0-9]++(?:\\.[0-9]*+)?)(?:[eE][-+]?[0-9]++)?"
                            + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

    private CoreSchema() {}

    static ScalarType ofPlain(String text) {
        if (NOTHING.matcher(text).matches()) {
            return ScalarType.NOTHING;
        }
        if (FLAG.matcher(text).matches()) {
            return ScalarType.FLAG;
        }
        if (INTEGER.matcher(text).matches()) {
            return ScalarType.INTEGER;
        }
        return DECIMAL.matcher(text).matches() ? ScalarType.DECIMAL : ScalarType.TEXT;
    }

    /// The type that an explicit tag asks for, if `text` can have it.
    static Optional<ScalarType> ofTag(String tag, String text) {
        if (tag.equals("!") || tag.equals(PREFIX + "str")) {
            return Optional.of(ScalarType.TEXT);
        }
        ScalarType plain = ofPlain(text);
        boolean fits =
                switch (plain) {
                    case INTEGER -> tag.equals(PREFIX + "int") || tag.equals(PREFIX + "float");
                    case DECIMAL -> tag.equals(PREFIX + "float");
                    case FLAG -> tag.equals(PREFIX + "bool");
                    case NOTHING -> tag.equals(PREFIX + "null");
                    case TEXT -> false;
                };
        return fits ? Optional.of(plain) : Optional.empty();
    }

    /// Whether a collection may carry `tag`.
    static boolean fitsCollection(String tag, boolean sequence) {
        return tag.equals("!") || tag.equals(PREFIX + (sequence ? "seq" : "map"));
    }
}
