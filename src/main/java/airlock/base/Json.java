package airlock.base;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON as Airlock reads and writes it. What is read may come from strangers: its depth and the
/// length of its names, numbers and texts are bounded; who reads a stream bounds that before.
public final class Json {
    private static final int DEEPEST = 100;
    private static final int LONGEST_TEXT = 8 << 20;
    private static final int LONGEST_NUMBER = 40;
    private static final int LONGEST_NAME = 10_000;

    /// With the bounds, for reading token by token.
    public static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEEPEST)
                                    .maxStringLength(LONGEST_TEXT)
                                    .maxNumberLength(LONGEST_NUMBER)
                                    .maxNameLength(LONGEST_NAME)
                                    .build())
                    .build();

    /// Members that a record does not know are passed over.
    public static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();

    /// Writes only ASCII, so a terminal that shows the text obeys none of it (H5).
    public static final JsonMapper ASCII =
            MAPPER.rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /// Reads records all of whose members must be there and not null, and nothing else.
    public static final JsonMapper STRICT =
            MAPPER.rebuild()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();

    private Json() {}

    /// UTF-8, on one line.
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// Reads one value of UTF-8, and nothing after it; no bytes are a missing node.
    ///
    /// @throws JacksonException if it is not JSON, or beyond a bound
    public static JsonNode read(byte[] json) {
        return MAPPER.readTree(new String(json, StandardCharsets.UTF_8));
    }

    /// As [#read(byte[])]; a missing node if it can't be read.
    public static JsonNode readOrMissing(byte[] json) {
        try {
            return read(json);
        } catch (JacksonException _) {
            return MAPPER.missingNode();
        }
    }

    /// A text among the members of a node; empty if there is none.
    public static String text(JsonNode node, String member) {
        return text(node, member, "");
    }

    /// A text among the members of a node, or `otherwise`.
    public static String text(JsonNode node, String member, String otherwise) {
        var value = node.path(member);
        return value.isString() ? value.stringValue() : otherwise;
    }
}
