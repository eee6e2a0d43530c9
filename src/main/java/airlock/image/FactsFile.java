package airlock.image;

import airlock.base.Json;
import airlock.vm.BootFiles.Emulation;
import airlock.vm.BootFiles.Firmware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads and writes `facts.json`. Missing keys mean "unknown", so that images of older versions and
/// those that operators assemble themselves stay readable.
final class FactsFile {
    private static final int LONGEST = 8 << 20;

    private FactsFile() {}

    static void write(Path file, Facts facts) throws IOException {
        Files.writeString(file, text(facts));
    }

    static String text(Facts facts) {
        var origin = facts.origin();
        var software = facts.software();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", facts.name());
        all.put("suite", origin.suite());
        all.put("packages", origin.asked());
        all.put("sha256", facts.sha256());
        facts.made().ifPresent(made -> all.put("made", made.toString()));
        all.put("from", origin.text());
        all.put("user", software.user());
        all.put("shell", software.shell());
        if (!software.container().equals(Container.NONE)) {
            all.put("environment", software.container().environment());
            all.put("workdir", software.container().directory());
        }
        facts.firmware().ifPresent(firmware -> all.put("firmware", word(firmware)));
        all.put("emulation", facts.emulation().word());
        all.put("parent", origin.parent());
        all.put("guest", facts.guest());
        all.put("commands", origin.commands());
        all.put("recipe", origin.recipe());
        all.put("installed", software.installed());
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }

    /// @throws ImageException if it cannot be read or is not a JSON object
    static Facts read(Path file) {
        byte[] bytes = StoreFiles.small(file, LONGEST);
        try {
            var json = Json.read(bytes);
            if (!json.isObject()) {
                throw new ImageException(file + " is not a JSON object");
            }
            return facts(json);
        } catch (JacksonException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ImageException("cannot read the facts " + file + ": " + why, e);
        }
    }

    private static Facts facts(JsonNode json) {
        return new Facts(
                Json.text(json, "name"),
                new Facts.Origin(
                        Json.text(json, "from", "unknown"),
                        Json.text(json, "parent"),
                        texts(json, "commands"),
                        Json.text(json, "recipe"),
                        Json.text(json, "suite"),
                        texts(json, "packages")),
                new Facts.Software(
                        map(json, "installed"),
                        Json.text(json, "user", "root"),
                        Json.text(json, "shell", "/bin/bash"),
                        new Container(map(json, "environment"), Json.text(json, "workdir"))),
                Json.text(json, "guest"),
                map(json, "sha256"),
                made(Json.text(json, "made")),
                firmware(Json.text(json, "firmware")),
                emulation(json));
    }

    private static String word(Firmware firmware) {
        return firmware.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Firmware> firmware(String text) {
        return Stream.of(Firmware.values()).filter(known -> word(known).equals(text)).findFirst();
    }

    /// Older versions did not write the key.
    private static Emulation emulation(JsonNode json) {
        return Emulation.of(Json.text(json, "emulation"))
                .orElseGet(() -> JavaVm.packages(map(json, "installed").keySet()));
    }

    private static Optional<Instant> made(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static List<String> texts(JsonNode json, String key) {
        return json.path(key)
                .valueStream()
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .toList();
    }

    private static SortedMap<String, String> map(JsonNode json, String key) {
        var map = new TreeMap<String, String>();
        json.path(key)
                .propertyStream()
                .filter(entry -> entry.getValue().isString())
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().stringValue()));
        return map;
    }
}
