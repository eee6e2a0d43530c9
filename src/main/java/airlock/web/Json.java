package airlock.web;

import tools.jackson.databind.json.JsonMapper;

/// Writes records as JSON.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /// UTF-8, on one line.
    static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }
}
