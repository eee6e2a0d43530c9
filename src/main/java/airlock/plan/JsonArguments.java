package airlock.plan;

import airlock.base.Json;
import airlock.yaml.Node;
import airlock.yaml.Node.Mapping;
import airlock.yaml.Node.Scalar;
import airlock.yaml.Node.ScalarType;
import airlock.yaml.Node.Sequence;
import airlock.yaml.Place;
import airlock.yaml.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Converts YAML values to JSON (RFC 8259).
final class JsonArguments {
    /// Characters; Jackson's own limit, since parsing a number takes quadratic time.
    private static final int LONGEST_NUMBER = 1_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private JsonArguments() {}

    static String text(Map<String, JsonNode> arguments) {
        return Json.MAPPER.writeValueAsString(arguments);
    }

    record AnyJson() implements Type<JsonNode> {
        @Override
        public String expected() {
            return "any value of at most 127 KiB as JSON";
        }

        @Override
        public Optional<JsonNode> read(Node node, Place place) {
            try {
                JsonNode json = json(node);
                if (Texts.bytes(json.toString()) <= Texts.LONGEST) {
                    return Optional.of(json);
                }
                place.error("too long", expected());
            } catch (NumberFormatException _) {
                place.error("a number that is too long, or that JSON does not have", expected());
            }
            return Optional.empty();
        }
    }

    static JsonNode json(Node node) {
        return switch (node) {
            case Mapping mapping -> {
                var object = JSON.objectNode();
                mapping.entries().forEach(entry -> object.set(entry.key(), json(entry.value())));
                yield object;
            }
            case Sequence sequence -> {
                var array = JSON.arrayNode();
                sequence.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case Scalar scalar -> json(scalar);
        };
    }

    private static JsonNode json(Scalar scalar) {
        boolean isNumber =
                scalar.type() == ScalarType.INTEGER || scalar.type() == ScalarType.DECIMAL;
        if (isNumber && scalar.text().length() > LONGEST_NUMBER) {
            throw new NumberFormatException("longer than " + LONGEST_NUMBER);
        }
        return switch (scalar.type()) {
            case TEXT -> JSON.stringNode(scalar.text());
            case INTEGER -> JSON.numberNode(integer(scalar.text()));
            case DECIMAL -> JSON.numberNode(new BigDecimal(scalar.text()));
            case FLAG -> JSON.booleanNode(Boolean.parseBoolean(scalar.text()));
            case NOTHING -> JSON.nullNode();
        };
    }

    private static BigInteger integer(String text) {
        if (text.startsWith("0x")) {
            return new BigInteger(text.substring(2), 16);
        }
        return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
    }
}
