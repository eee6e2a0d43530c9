package airlock.control;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Commands and replies as JSON, one object a line, told apart by their member `is`.
final class ControlCodec {
    static final int LONGEST_LINE = 1 << 20;

    private final JsonMapper mapper =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(8)
                                                    .maxStringLength(LONGEST_LINE)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();

    byte[] write(Record message) {
        ObjectNode node = mapper.valueToTree(message);
        node.put("is", message.getClass().getSimpleName());
        return (mapper.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    Command command(String line) {
        return read(line, Command.class);
    }

    Reply reply(String line) {
        return read(line, Reply.class);
    }

    private <T> T read(String line, Class<T> family) {
        try {
            JsonNode tree = mapper.readTree(line);
            if (tree instanceof ObjectNode node) {
                String is = node.path("is").asString("");
                node.remove("is");
                for (Class<?> variant : family.getPermittedSubclasses()) {
                    if (variant.getSimpleName().equals(is)) {
                        return family.cast(mapper.treeToValue(node, variant));
                    }
                }
            }
        } catch (JacksonException e) {
            throw new ControlException(
                    "not a line of the control protocol: " + e.getOriginalMessage(), e);
        }
        throw new ControlException(
                "not a line of the control protocol: no such " + family.getSimpleName());
    }
}
