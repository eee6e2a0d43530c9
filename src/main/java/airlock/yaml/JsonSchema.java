package airlock.yaml;

import airlock.base.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Writes a section as a JSON Schema (2020-12, json-schema.org), for editors and other programs.
/// It says what the shape of a file is; whether a value fits is the reader's to say.
public final class JsonSchema {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    /// YAML's empty value.
    private static final List<Node.ScalarType> NOTHING = List.of(Node.ScalarType.NOTHING);

    /// What stands in several places, by the word that says which it is.
    private final Map<String, Object> definitions = new TreeMap<>();

    private JsonSchema() {}

    /// The schema's text.
    ///
    /// @param title for people
    public static String of(String title, Section<?> section) {
        var all = new JsonSchema();
        var schema = new LinkedHashMap<String, Object>();
        schema.put("$schema", DIALECT);
        schema.put("title", title);
        schema.putAll(all.of(section.shape()));
        schema.put("$defs", all.definitions);
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    }

    private Map<String, Object> of(Shape shape) {
        return switch (shape) {
            case Shape.Anything _ -> Map.of();
            case Shape.Single(var types, var expected) -> single(types, expected);
            case Shape.Words(var words) -> Map.of("enum", words);
            case Shape.Items(var item, int least, int most) -> items(of(item), least, most);
            case Shape.Names(var value) ->
                    ordered("type", "object", "additionalProperties", of(value));
            case Shape.Keys(var section, boolean strict) -> {
                var schema = keys(section, strict, Map.of());
                // no value is a mapping without keys
                schema.put("type", List.of("object", "null"));
                yield schema;
            }
            case Shape.Tagged tagged -> tagged(tagged);
            case Shape.Either(var shapes) ->
                    Map.of("anyOf", shapes.stream().map(this::of).toList());
        };
    }

    private static Map<String, Object> single(List<Node.ScalarType> types, String expected) {
        var names =
                types.stream()
                        .map(
                                type ->
                                        switch (type) {
                                            case TEXT -> "string";
                                            case INTEGER -> "integer";
                                            case DECIMAL -> "number";
                                            case FLAG -> "boolean";
                                            case NOTHING -> "null";
                                        })
                        .toList();
        Object type = names.size() == 1 ? names.getFirst() : names;
        return types.equals(NOTHING)
                ? ordered("type", type)
                : ordered("type", type, "description", expected);
    }

    private static Map<String, Object> items(Map<String, Object> item, int least, int most) {
        return ordered("type", "array", "items", item, "minItems", least, "maxItems", most);
    }

    private Map<String, Object> keys(
            Section<?> section, boolean strict, Map<String, Object> first) {
        var properties = new LinkedHashMap<>(first);
        section.keys().forEach(key -> properties.put(key.name(), key(key)));
        var required = new ArrayList<>(first.keySet());
        section.keys().stream()
                .filter(key -> key.presence() instanceof Key.Presence.Required<?>)
                .forEach(key -> required.add(key.name()));
        var schema = ordered("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (strict) {
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    private Map<String, Object> key(Key<?> key) {
        var schema = new LinkedHashMap<>(of(key.type().shape()));
        if (!key.meaning().isEmpty()) {
            schema.put("description", key.meaning());
        }
        return schema;
    }

    private Map<String, Object> tagged(Shape.Tagged tagged) {
        var each = new TreeMap<>(tagged.sections());
        each.forEach(
                (word, section) ->
                        definitions.computeIfAbsent(
                                word,
                                _ -> {
                                    Map<String, Object> tag = Map.of("const", word);
                                    Map<String, Object> first = Map.of(tagged.tag(), tag);
                                    var schema = keys(section, tagged.strict(), first);
                                    schema.put("description", section.about());
                                    return schema;
                                }));
        var references = each.keySet().stream().map(word -> Map.of("$ref", "#/$defs/" + word));
        return Map.of("oneOf", references.toList());
    }

    private static Map<String, Object> ordered(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        IntStream.range(0, pairs.length / 2)
                .forEach(i -> map.put((String) pairs[2 * i], pairs[2 * i + 1]));
        return map;
    }
}
