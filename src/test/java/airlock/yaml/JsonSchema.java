package airlock.yaml;

import airlock.base.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes a section as a JSON Schema (2020-12, json-schema.org) for editors and other programs. The
/// schema gives the shape of a file; only the reader knows whether a value fits.
public class JsonSchema {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private final Map<String, Object> definitions = new TreeMap<>();

    /// The schema's text.
    public final String text(String title, Section<?> section) {
        var schema = object("$schema", DIALECT, "title", title);
        schema.putAll(of(section));
        schema.put("$defs", definitions);
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    }

    /// The schema of a type that is not of this package; by default any value is valid.
    protected Map<String, Object> ofOther(Type<?> type) {
        return Map.of();
    }

    protected final Map<String, Object> of(Type<?> type) {
        return switch (type) {
            case ScalarReader<?> scalar -> scalar(scalar);
            case Scalars.Choice<?> choice ->
                    Map.of("enum", choice.words().keySet().stream().sorted().toList());
            case Compounds.ListOf<?> list -> {
                var items = items(list.item(), list.least(), list.most());
                yield list.bare() ? anyOf(of(list.item()), items) : items;
            }
            case Compounds.MappingOf<?> mapping ->
                    object("type", "object", "additionalProperties", of(mapping.value()));
            case Compounds.Mapped<?, ?> mapped -> of(mapped.type());
            case Compounds.OrNothing<?> other -> anyOf(Map.of("type", "null"), of(other.type()));
            case Section<?> section -> {
                var schema = keys(section, true, Map.of());
                schema.put("type", List.of("object", "null")); // no value: a mapping without keys
                yield schema;
            }
            default -> ofOther(type);
        };
    }

    /// The sections that a page about `type` describes: those that have a text about them.
    public static List<Section<?>> sections(Type<?> type) {
        return switch (type) {
            case Section<?> section -> section.about().isEmpty() ? List.of() : List.of(section);
            case Compounds.MappingOr<?> either -> sections(either.mapping());
            case Compounds.ListOf<?> list -> sections(list.item());
            case Compounds.MappingOf<?> mapping -> sections(mapping.value());
            case Compounds.Mapped<?, ?> mapped -> sections(mapped.type());
            case Compounds.OrNothing<?> other -> sections(other.type());
            default -> List.of();
        };
    }

    private static Map<String, Object> scalar(ScalarReader<?> scalar) {
        var names =
                scalar.fitting().stream()
                        .sorted()
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
        return object("type", type, "description", scalar.expected());
    }

    protected final Map<String, Object> items(Type<?> item, int least, int most) {
        return object("type", "array", "items", of(item), "minItems", least, "maxItems", most);
    }

    protected static Map<String, Object> anyOf(Map<String, Object> one, Map<String, Object> other) {
        return Map.of("anyOf", List.of(one, other));
    }

    private Map<String, Object> keys(
            Section<?> section, boolean strict, Map<String, Object> first) {
        var properties = new LinkedHashMap<>(first);
        var required = new ArrayList<>(first.keySet());
        for (Key<?> key : section.keys()) {
            var value = new LinkedHashMap<>(of(key.type()));
            if (!key.meaning().isEmpty()) {
                value.put("description", key.meaning());
            }
            properties.put(key.name(), value);
            if (key.presence() instanceof Key.Presence.Required<?>) {
                required.add(key.name());
            }
        }
        var schema = object("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (strict) {
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    /// A mapping whose key `tag` says which other keys there may be.
    protected final Map<String, Object> tagged(
            String tag, Map<String, Section<?>> sections, boolean strict) {
        sections.forEach(
                (word, section) -> {
                    if (!definitions.containsKey(word)) {
                        var schema = keys(section, strict, Map.of(tag, Map.of("const", word)));
                        schema.put("description", section.about());
                        definitions.put(word, schema);
                    }
                });
        var words = sections.keySet().stream().sorted();
        return Map.of("oneOf", words.map(word -> Map.of("$ref", "#/$defs/" + word)).toList());
    }

    protected static Map<String, Object> object(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
