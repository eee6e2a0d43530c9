package airlock.webhook;

import airlock.base.Json;
import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.forge.Forge;
import airlock.forge.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A delivery for experiments, from two files: `NAME.json`, the body, and `NAME.headers`, a line
/// `Name: value` for each header except the signature, as `curl -H @FILE` reads them. The folder
/// webhook-samples has one for each forge and event.
public record Sample(ForgeKind kind, Map<String, String> headers, byte[] body) {
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

    public Sample {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /// Reads the sample whose body is `json`.
    ///
    /// @throws IllegalArgumentException if that is not a sample; the message says what is missing
    public static Sample load(Path json) {
        String file = String.valueOf(json.getFileName());
        if (!file.endsWith(".json")) {
            throw new IllegalArgumentException(
                    "a sample is named by its body, NAME.json; this is " + json);
        }
        Path headersFile = json.resolveSibling(file.replaceFirst("json$", "headers"));
        if (!Files.isRegularFile(json) || !Files.isRegularFile(headersFile)) {
            throw new IllegalArgumentException(
                    "a sample is two files; expected " + json + " and " + headersFile);
        }
        try {
            Map<String, String> headers = parse(headersFile, Files.readString(headersFile));
            return new Sample(kind(headersFile, headers), headers, Files.readAllBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the sample " + json + " could not be read; is it readable to you?", e);
        }
    }

    private static Map<String, String> parse(Path file, String text) {
        var headers = new LinkedHashMap<String, String>();
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            if (line.indexOf(':') < 1) {
                throw new IllegalArgumentException(
                        file + ": expected 'Name: value', found '" + line + "'");
            }
            add(headers, line);
        }
        return headers;
    }

    private static void add(Map<String, String> headers, String line) {
        String[] parts = line.split(":", 2);
        headers.put(parts[0].strip(), parts[1].strip());
    }

    /// Only samples, which are our own, may name the forge by their headers; deliveries may not.
    private static ForgeKind kind(Path file, Map<String, String> headers) {
        Headers all = Headers.ofSingle(headers);
        for (var kind : List.of(ForgeKind.FORGEJO, ForgeKind.GITEA, ForgeKind.GITHUB)) {
            if (all.has(Forge.of(kind).headerPrefix() + "Event")) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                file + ": expected a header X-Gitea-Event, X-Forgejo-Event or X-GitHub-Event");
    }

    /// The same with another value in the body.
    ///
    /// @param field a path of names and array positions with dots, such as `pull_request.head.ref`,
    ///     or a short name for a value that occurs in several places: `after`, `before`, `ref`,
    ///     `number`, `repository.id`, `repository` (`owner/name`)
    /// @throws IllegalArgumentException if the body has no such field or the value does not fit
    public Sample with(String field, String value) {
        JsonNode root = tree();
        var places =
                SHORT.getOrDefault(field, List.of(field)).stream()
                        .map(path -> JsonPointer.compile("/" + path.replace('.', '/')))
                        .filter(place -> !root.at(place).isMissingNode())
                        .toList();
        if (places.isEmpty()) {
            throw new IllegalArgumentException(
                    "the sample has no field '%s'; its fields begin with %s"
                            .formatted(field, String.join(", ", root.propertyNames())));
        }
        JsonNode old = root.at(places.getFirst());
        JsonNode now = like(old, field, value);
        places.stream()
                .filter(place -> root.at(place).equals(old))
                .forEach(place -> put(root.at(place.head()), place.last(), now));
        return new Sample(kind, headers, Json.bytes(root));
    }

    private JsonNode tree() {
        try {
            return Json.read(body);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the sample's body is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void put(JsonNode parent, JsonPointer last, JsonNode value) {
        if (parent instanceof ObjectNode object) {
            object.set(last.getMatchingProperty(), value);
        } else {
            ((ArrayNode) parent).set(last.getMatchingIndex(), value);
        }
    }

    /// The value in the type of the old one.
    private static JsonNode like(JsonNode old, String field, String value) {
        var nodes = Json.MAPPER.getNodeFactory();
        if (old.isIntegralNumber() && value.matches("-?[0-9]{1,18}")) {
            return nodes.numberNode(Long.parseLong(value));
        }
        if (old.isBoolean() && value.matches("true|false")) {
            return nodes.booleanNode(value.equals("true"));
        }
        if (old.isString() || old.isNull()) {
            return nodes.stringNode(value);
        }
        throw new IllegalArgumentException(
                "the sample's field '%s' is %s and can't become '%s'".formatted(field, old, value));
    }

    /// The same with the signature that the forge would send.
    ///
    /// @param deliveryId must be new for a new body
    public Sample sign(Secret secret, String deliveryId) {
        var all = new LinkedHashMap<>(headers);
        all.replaceAll((header, value) -> header.endsWith("-Delivery") ? deliveryId : value);
        Forge.of(kind)
                .signatureLines(Signatures.sign(secret, body))
                .forEach(line -> add(all, line));
        return new Sample(kind, all, body);
    }
}
