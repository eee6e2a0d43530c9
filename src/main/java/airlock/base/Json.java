package airlock.base;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON as Airlock reads and writes it. Input may be foreign, so its depth and the length of names,
/// numbers and texts are limited; the caller limits its total length.
public final class Json {
    private static final int DEEPEST = 100;
    private static final int LONGEST_TEXT = 8 << 20;
    private static final int LONGEST_NUMBER = 40;
    private static final int LONGEST_NAME = 10_000;

    /// For reading token by token, with these limits.
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

    /// Ignores members that a record does not have.
    public static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();

    /// Writes only ASCII, so a terminal can show it safely (H5).
    public static final JsonMapper ASCII =
            MAPPER.rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /// Reads records with exactly their members, none of which may be null.
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

    /// Reads exactly one value in UTF-8; no bytes are a missing node.
    ///
    /// @throws JacksonException if it is not JSON or exceeds a limit
    public static JsonNode read(byte[] json) {
        return MAPPER.readTree(new String(json, StandardCharsets.UTF_8));
    }

    /// Like [#read(byte[])], but gives a missing node if that fails.
    public static JsonNode readOrMissing(byte[] json) {
        try {
            return read(json);
        } catch (JacksonException _) {
            return MAPPER.missingNode();
        }
    }

    /// A text member of a node, if it has one.
    public static String text(JsonNode node, String member) {
        return text(node, member, "");
    }

    public static String text(JsonNode node, String member, String otherwise) {
        var value = node.path(member);
        return value.isString() ? value.stringValue() : otherwise;
    }
}
