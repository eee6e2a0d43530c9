package airlock.vm;

import airlock.base.Json;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One line of QEMU's machine protocol (QMP, docs/interop/qmp-spec in QEMU). QEMU may have been
/// taken over by its guest, so a line is bounded before it is read and in depth while it is.
sealed interface QmpMessage {
    int MOST_BYTES = 64 << 10;

    /// The first line.
    record Greeting() implements QmpMessage {}

    /// The answer to a successful command.
    ///
    /// @param values scalar members of the answer, as text; empty if it is not an object
    record Returned(long id, Map<String, String> values) implements QmpMessage {}

    /// The answer to a failed command.
    record Refused(long id, String reason) implements QmpMessage {}

    /// An event.
    ///
    /// @param data scalar members, as text
    record Event(String name, Map<String, String> data) implements QmpMessage {}

    /// Not QMP.
    record Malformed(String reason) implements QmpMessage {}

    static QmpMessage parse(byte[] line) {
        if (line.length > MOST_BYTES) {
            return new Malformed("a line of more than %d bytes".formatted(MOST_BYTES));
        }
        try {
            return of(Json.MAPPER.readTree(line));
        } catch (JacksonException e) {
            return new Malformed("no JSON: " + e.getOriginalMessage());
        }
    }

    private static QmpMessage of(JsonNode message) {
        if (!message.isObject()) {
            return new Malformed("not an object");
        }
        if (message.path("QMP").isObject()) {
            return new Greeting();
        }
        if (message.path("event").isString()) {
            return new Event(message.path("event").asString(), scalars(message.path("data")));
        }
        // an error before the first command has no id
        long id = message.path("id").asLong(-1);
        if (message.has("return")) {
            return new Returned(id, scalars(message.path("return")));
        }
        if (message.path("error").isObject()) {
            return new Refused(id, message.path("error").path("desc").asString("no reason given"));
        }
        return new Malformed("neither greeting, event, return nor error");
    }

    private static Map<String, String> scalars(JsonNode node) {
        var values = new TreeMap<String, String>();
        node.properties()
                .forEach(
                        member -> {
                            if (member.getValue().isValueNode()) {
                                values.put(member.getKey(), member.getValue().asString(""));
                            }
                        });
        return values;
    }
}
