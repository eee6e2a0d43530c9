package airlock.cli;

import airlock.base.Json;
import airlock.text.SafeText;
import airlock.yaml.Problem;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option for answers that programs read, by the rules of the API (docs/api.md): names in
/// snake case, times in ISO 8601, sizes in bytes, ASCII alone, no control characters of others.
final class JsonOption {
    @Option(names = "--json", description = "one JSON object, by the rules of the API")
    private boolean json;

    boolean isWanted() {
        return json;
    }

    /// One object as a text.
    static String text(Map<String, ?> members) {
        return Json.ASCII.writerWithDefaultPrettyPrinter().writeValueAsString(clean(members));
    }

    /// An object with one list.
    static String text(String name, List<? extends Map<String, ?>> items) {
        return text(Map.of(name, items));
    }

    /// Names and values by turns, in this order.
    static Map<String, @Nullable Object> members(@Nullable Object... namesAndValues) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return members;
    }

    /// A problem of a file.
    static Map<String, @Nullable Object> members(Problem problem) {
        return members(
                "severity", problem.severity().name().toLowerCase(Locale.ROOT),
                "line", problem.at().line(),
                "column", problem.at().column(),
                "path", problem.path(),
                "what", problem.what(),
                "expected", orNull(problem.expected()),
                "nearest", orNull(problem.nearest()));
    }

    /// A time; null for 0.
    static @Nullable String time(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
    }

    /// A text; null if it is empty.
    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static @Nullable Object clean(@Nullable Object value) {
        return switch (value) {
            case String text -> SafeText.lines(text);
            case Map<?, ?> map -> {
                var members = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((name, each) -> members.put(String.valueOf(name), clean(each)));
                yield members;
            }
            case List<?> list -> list.stream().map(JsonOption::clean).toList();
            case null -> null;
            default -> value;
        };
    }
}
