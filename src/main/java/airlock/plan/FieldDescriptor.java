package airlock.plan;

import airlock.text.SafeText;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Type;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// A field of an action that `actions.yaml` describes. It is required unless it has `default` or
/// `without`.
///
/// @param type the name of one of the types below; empty if `form` says what fits
/// @param form a regular expression
/// @param expected what fits it, for people
/// @param most how many values it may have; 0 for a single value without a list
/// @param fallback its values if a plan does not have it
/// @param without the same for people; may be empty if `fallback` says it
/// @param onlyAirlock whether Ambient's action lacks it
record FieldDescriptor(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String meaning,
        String type,
        String form,
        String expected,
        int least,
        int most,
        @JsonProperty("default") List<String> fallback,
        String without,
        String example,
        @JsonProperty("only_airlock") boolean onlyAirlock) {
    private static final Pattern HOST_PORT =
            Pattern.compile("([A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?");
    private static final int LAST_PORT = 65_535;
    private static final int LONGEST_URL = 4_000;
    private static final Map<String, Type<?>> TYPES =
            Map.of(
                    "flag", Scalars.FLAG,
                    "text", Texts.argument(),
                    "path", Texts.path(),
                    "file", Texts.filename(),
                    "word", Texts.matching("a word", "[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
                    "package", Texts.matching("a package's name", "[a-z0-9][a-z0-9+.-]{1,199}"),
                    "suite", Texts.matching("a suite's name", "[a-z0-9][a-z0-9-]{0,99}"),
                    "host_port", Scalars.TEXT.as("HOST or HOST:PORT", FieldDescriptor::hostPort),
                    "git_url",
                            Texts.url(
                                    "an https, http or ssh URL without a password",
                                    "https?|ssh",
                                    LONGEST_URL));

    FieldDescriptor {
        if (form.isEmpty() != TYPES.containsKey(type)) {
            throw new IllegalArgumentException(
                    "field %s: needs `form`, or a `type` of %s".formatted(name, TYPES.keySet()));
        }
    }

    private static List<String> hostPort(String text) {
        var matcher = HOST_PORT.matcher(text);
        if (matcher.matches()) {
            String port = matcher.group(2) == null ? "80" : matcher.group(2);
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= LAST_PORT) {
                return List.of(matcher.group(1), String.valueOf(number));
            }
        }
        throw new IllegalArgumentException(SafeText.quoted(text) + " does not fit");
    }

    /// How plan files write it.
    Key<?> key() {
        Type<?> one =
                form.isEmpty()
                        ? Objects.requireNonNull(TYPES.get(type))
                        : Texts.matching(expected, form);
        return most == 0 ? key(one) : key(Compounds.list(one, least, most));
    }

    private <T> Key<T> key(Type<T> read) {
        boolean isFree = !fallback.isEmpty() || !without.isEmpty();
        String shown = most == 0 ? String.join("", fallback) : fallback.toString();
        var key =
                isFree
                        ? Key.free(name, read, without.isEmpty() ? shown : without, meaning)
                        : Key.required(name, read, meaning);
        return key.example(example);
    }
}
