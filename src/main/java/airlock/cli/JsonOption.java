package airlock.cli;

import airlock.base.Json;
import airlock.text.SafeText;
import airlock.yaml.Problem;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// The option `--json`: answers for programs, by the rules of the API (docs/api.md). Names are in
/// snake case, times in ISO 8601, sizes in bytes; the text is ASCII without strangers' control
/// characters.
final class JsonOption {
    private static final ObjectWriter WRITER =
            Json.ASCII
                    .rebuild()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .addModule(new SimpleModule().addSerializer(String.class, new SafeStrings()))
                    .build()
                    .writerWithDefaultPrettyPrinter();

    @Option(names = "--json", description = "one JSON object, by the rules of the API")
    private boolean json;

    boolean isWanted() {
        return json;
    }

    /// Writes a record, map or list.
    static String text(Object value) {
        return WRITER.writeValueAsString(value);
    }

    /// Writes an object with one member.
    static String text(String name, Object value) {
        return text(Map.of(name, value));
    }

    /// An object of alternating names and values, in this order.
    static Map<String, @Nullable Object> members(@Nullable Object... namesAndValues) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return members;
    }

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

    /// Null if `text` is empty.
    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static final class SafeStrings extends StdSerializer<String> {
        SafeStrings() {
            super(String.class);
        }

        @Override
        public void serialize(String text, JsonGenerator out, SerializationContext context) {
            out.writeString(SafeText.lines(text));
        }
    }
}
