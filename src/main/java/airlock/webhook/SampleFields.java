package airlock.webhook;

import airlock.base.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Changes values in a sample's body. A field is a path of names and array positions with dots,
/// such as
/// `pull_request.head.ref`, or a short name for a value that occurs in several places: `after`,
/// `before`, `ref`, `number`, `repository.id`, `repository` (`owner/name`).
final class SampleFields {
    /// The places of a short name's value. Only places with the same old value get the new one, so
    /// a fork keeps its own id.
    private static final Map<String, List<String>> SHORT =
            Map.of(
                    "after",
                    List.of(
                            "after",
                            "sha",
                            "pull_request.head.sha",
                            "head_commit.id",
                            "commits.0.id"),
                    "number",
                    List.of("number", "pull_request.number"),
                    "repository.id",
                    List.of(
                            "repository.id",
                            "pull_request.base.repo.id",
                            "pull_request.base.repo_id",
                            "pull_request.head.repo.id",
                            "pull_request.head.repo_id"),
                    "repository",
                    List.of(
                            "repository.full_name",
                            "pull_request.base.repo.full_name",
                            "pull_request.head.repo.full_name"));

    private SampleFields() {}

    static byte[] set(byte[] body, String field, String value) {
        JsonNode root = tree(body);
        var places = new ArrayList<>(SHORT.getOrDefault(field, List.of(field)));
        places.removeIf(path -> at(root, path).isMissingNode());
        if (places.isEmpty()) {
            throw new IllegalArgumentException(
                    "the sample has no field '%s'; its fields begin with %s"
                            .formatted(field, String.join(", ", root.propertyNames())));
        }
        JsonNode old = at(root, places.getFirst());
        JsonNode now = like(old, field, value);
        places.stream()
                .filter(path -> at(root, path).equals(old))
                .forEach(path -> put(root, path, now));
        return Json.bytes(root);
    }

    private static JsonNode tree(byte[] body) {
        try {
            return Json.read(body);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the sample's body is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonNode at(JsonNode root, String path) {
        JsonNode node = root;
        for (String name : path.split("\\.", -1)) {
            node =
                    node.isArray() && isIndex(name)
                            ? node.path(Integer.parseInt(name))
                            : node.path(name);
        }
        return node;
    }

    private static void put(JsonNode root, String path, JsonNode value) {
        int dot = path.lastIndexOf('.');
        String name = path.substring(dot + 1);
        switch (dot < 0 ? root : at(root, path.substring(0, dot))) {
            case ObjectNode object -> object.set(name, value);
            case ArrayNode array -> array.set(Integer.parseInt(name), value);
            default -> throw new IllegalStateException("nothing can be put at " + path);
        }
    }

    private static boolean isIndex(String name) {
        return name.matches("[0-9]{1,6}");
    }

    /// The value in the type of the old one.
    private static JsonNode like(JsonNode old, String field, String value) {
        if (old.isIntegralNumber() && value.matches("-?[0-9]{1,18}")) {
            return Json.MAPPER.getNodeFactory().numberNode(Long.parseLong(value));
        }
        if (old.isBoolean() && value.matches("true|false")) {
            return Json.MAPPER.getNodeFactory().booleanNode(value.equals("true"));
        }
        if (old.isString() || old.isNull()) {
            return Json.MAPPER.getNodeFactory().stringNode(value);
        }
        throw new IllegalArgumentException(
                "the sample's field '%s' is %s and can't become '%s'".formatted(field, old, value));
    }
}
