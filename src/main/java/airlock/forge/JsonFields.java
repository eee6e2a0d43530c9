package airlock.forge;

import airlock.base.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// The few wanted fields of a JSON object, picked out while it streams past, so that a body of
/// 25 MiB costs its few texts and no tree. Paths are names with dots; arrays are skipped.
///
/// **Limits**: those of [Json]. A wanted field that comes twice is an error: two readers could take
/// different ones.
final class JsonFields {
    private static final int LONGEST_ID = 18;

    private final Map<String, Value> found = new HashMap<>();
    private final Set<String> wanted;
    private final Set<String> branches = new HashSet<>();

    private JsonFields(Set<String> wanted) {
        this.wanted = wanted;
        for (String path : wanted) {
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                branches.add(path.substring(0, dot));
            }
        }
    }

    /// Reads `json`, which must be one object and nothing after it.
    ///
    /// @throws MalformedBodyException if it is not, or is beyond a limit
    static JsonFields read(byte[] json, Set<String> wanted) {
        var fields = new JsonFields(wanted);
        try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedBodyException("the body is not a JSON object");
            }
            fields.object(parser, "");
            if (parser.nextToken() != null) {
                throw new MalformedBodyException("the body goes on after its JSON object");
            }
        } catch (JacksonException e) {
            throw new MalformedBodyException("the body is not JSON: " + e.getOriginalMessage());
        }
        return fields;
    }

    /// Reads `json`, which must be one array of objects and nothing after it, each like
    /// [#read(byte[], Set)].
    ///
    /// @param most how many objects there may be
    static List<JsonFields> readAll(byte[] json, Set<String> wanted, int most) {
        var all = new ArrayList<JsonFields>();
        try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new MalformedBodyException("the body is not a JSON array");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                if (all.size() == most) {
                    throw new MalformedBodyException("more than " + most + " objects");
                }
                var fields = new JsonFields(wanted);
                fields.object(parser, "");
                all.add(fields);
            }
            if (parser.currentToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
                throw new MalformedBodyException("the body is not one JSON array of objects");
            }
        } catch (JacksonException e) {
            throw new MalformedBodyException("the body is not JSON: " + e.getOriginalMessage());
        }
        return all;
    }

    private void object(JsonParser parser, String prefix) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String path = prefix + parser.currentName();
            JsonToken token = parser.nextToken();
            boolean branch = branches.contains(path);
            if (branch || wanted.contains(path)) {
                if (found.put(path, value(parser, token)) != null) {
                    throw new MalformedBodyException("'" + path + "' comes twice");
                }
            }
            if (branch && token == JsonToken.START_OBJECT) {
                object(parser, path + ".");
            } else {
                parser.skipChildren();
            }
        }
    }

    private static Value value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> new Value.Text(parser.getString());
            case VALUE_NUMBER_INT -> new Value.Whole(parser.getString());
            case VALUE_TRUE -> new Value.Flag(true);
            case VALUE_FALSE -> new Value.Flag(false);
            case VALUE_NULL -> new Value.Nothing();
            default -> new Value.Other();
        };
    }

    /// Whether the field is there and not null.
    boolean has(String path) {
        return found.containsKey(path) && !(found.get(path) instanceof Value.Nothing);
    }

    /// The text of a field that must be there.
    String text(String path) {
        if (found.get(path) instanceof Value.Text(String text)) {
            return checked(path, text);
        }
        throw new MalformedBodyException("'" + path + "' is missing or is no text");
    }

    /// The text of a field, empty where it is missing or null.
    String textOrEmpty(String path) {
        return has(path) ? text(path) : "";
    }

    /// A number from 1 that identifies something.
    long id(String path) {
        if (found.get(path) instanceof Value.Whole(String digits)
                && digits.length() <= LONGEST_ID
                && digits.charAt(0) != '-'
                && !digits.equals("0")) {
            return Long.parseLong(digits);
        }
        throw new MalformedBodyException("'" + path + "' is missing or is no id");
    }

    /// Whether the field is `true`.
    boolean flag(String path) {
        return found.get(path) instanceof Value.Flag(boolean flag) && flag;
    }

    /// Half a surrogate pair can't be written as UTF-8: it would come back as another text.
    private static String checked(String path, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new MalformedBodyException("'" + path + "' has half a surrogate pair");
            }
        }
        return text;
    }

    private sealed interface Value {
        record Text(String text) implements Value {}

        record Whole(String digits) implements Value {}

        record Flag(boolean flag) implements Value {}

        record Nothing() implements Value {}

        record Other() implements Value {}
    }
}
