package airlock.forge;

import static java.nio.charset.StandardCharsets.UTF_8;

import airlock.base.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// The wanted fields of a JSON object, read from a stream: a body of 25 MiB costs a few texts and
/// no tree. Paths are names with dots; arrays are skipped.
///
/// **Limits**: those of [Json]. A duplicate wanted field is an error, since two readers could take
/// different ones.
final class JsonFields {
    private static final int LONGEST_ID = 18;

    private final Map<String, Field> found = new HashMap<>();
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

    /// Reads `json`, which must be a single object.
    ///
    /// @throws MalformedBodyException if it is not, or exceeds a limit
    static JsonFields read(byte[] json, Set<String> wanted) {
        return parsed(
                json,
                parser -> {
                    var fields = new JsonFields(wanted);
                    if (parser.nextToken() == JsonToken.START_OBJECT) {
                        fields.object(parser, "");
                        if (parser.nextToken() == null) {
                            return fields;
                        }
                    }
                    throw new MalformedBodyException("the body is not one JSON object");
                });
    }

    /// Reads `json`, which must be a single array of objects, each as [#read(byte[], Set)] does.
    ///
    /// @param most the limit of objects
    static List<JsonFields> readAll(byte[] json, Set<String> wanted, int most) {
        return parsed(
                json,
                parser -> {
                    var all = new ArrayList<JsonFields>();
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
                    if (parser.currentToken() != JsonToken.END_ARRAY
                            || parser.nextToken() != null) {
                        throw new MalformedBodyException(
                                "the body is not one JSON array of objects");
                    }
                    return all;
                });
    }

    private static <T> T parsed(byte[] json, Function<JsonParser, T> reader) {
        try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), json)) {
            return reader.apply(parser);
        } catch (JacksonException e) {
            throw new MalformedBodyException("the body is not JSON: " + e.getOriginalMessage());
        }
    }

    private void object(JsonParser parser, String prefix) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String path = prefix + parser.currentName();
            JsonToken token = parser.nextToken();
            boolean branch = branches.contains(path);
            if ((branch || wanted.contains(path))
                    && found.put(path, new Field(token, parser.getString())) != null) {
                throw new MalformedBodyException("'" + path + "' comes twice");
            }
            if (branch && token == JsonToken.START_OBJECT) {
                object(parser, path + ".");
            } else {
                parser.skipChildren();
            }
        }
    }

    /// Whether the field is present and not null.
    boolean has(String path) {
        return found.containsKey(path) && token(path) != JsonToken.VALUE_NULL;
    }

    private JsonToken token(String path) {
        return found.getOrDefault(path, Field.ABSENT).token();
    }

    /// The text of a required field.
    String text(String path) {
        if (found.get(path) instanceof Field(JsonToken token, String text)
                && token == JsonToken.VALUE_STRING) {
            // half a surrogate pair is not UTF-8: the text would come back changed
            if (!UTF_8.newEncoder().canEncode(text)) {
                throw new MalformedBodyException("'" + path + "' has half a surrogate pair");
            }
            return text;
        }
        throw new MalformedBodyException("'" + path + "' is missing or is no text");
    }

    /// The text of a field, empty if it is missing or null.
    String textOrEmpty(String path) {
        return has(path) ? text(path) : "";
    }

    /// A number from 1 that identifies something.
    long id(String path) {
        if (found.get(path) instanceof Field(JsonToken token, String digits)
                && token == JsonToken.VALUE_NUMBER_INT
                && digits.length() <= LONGEST_ID
                && digits.charAt(0) != '-'
                && !digits.equals("0")) {
            return Long.parseLong(digits);
        }
        throw new MalformedBodyException("'" + path + "' is missing or is no id");
    }

    boolean flag(String path) {
        return token(path) == JsonToken.VALUE_TRUE;
    }

    private record Field(JsonToken token, String text) {
        static final Field ABSENT = new Field(JsonToken.NOT_AVAILABLE, "");
    }

    /// A body that the forge would not send. The readers of bodies catch it and return a value.
    static final class MalformedBodyException extends RuntimeException {
        MalformedBodyException(String why) {
            super(why);
        }
    }
}
