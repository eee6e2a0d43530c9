package airlock.image;

import airlock.base.Json;
import airlock.vm.BootFiles.Firmware;
import airlock.vm.Emulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
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

/// `facts.json`: what Airlock knows of an image. A key that is missing is unknown, so that images
/// of older versions and those of the operator's own stay readable.
final class FactsFile {
    private static final int LONGEST = 8 << 20;

    private FactsFile() {}

    static void write(Path file, Facts facts) throws IOException {
        Files.writeString(file, text(facts));
    }

    /// As it is written.
    static String text(Facts facts) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", facts.name());
        all.put("suite", facts.suite());
        all.put("packages", facts.asked());
        all.put("sha256", facts.sha256());
        facts.made().ifPresent(made -> all.put("made", made.toString()));
        all.put("from", facts.from());
        all.put("user", facts.user());
        all.put("shell", facts.shell());
        if (!facts.container().equals(Container.NONE)) {
            all.put("environment", facts.container().environment());
            all.put("workdir", facts.container().directory());
        }
        facts.firmware().ifPresent(firmware -> all.put("firmware", word(firmware)));
        all.put("emulation", facts.emulation().word());
        all.put("parent", facts.parent());
        all.put("guest", facts.guest());
        all.put("commands", facts.commands());
        all.put("recipe", facts.recipe());
        all.put("installed", facts.installed());
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }

    /// @throws ImageException where it can't be read or is none
    static Facts read(Path file) {
        byte[] bytes = StoreFiles.small(file, LONGEST);
        try {
            var json = Json.read(bytes);
            if (!json.isObject()) {
                throw new ImageException(file + " holds no JSON object");
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
                Json.text(json, "suite"),
                texts(json, "packages"),
                map(json, "sha256"),
                made(Json.text(json, "made")),
                Json.text(json, "from", "unknown"),
                Json.text(json, "recipe"),
                Json.text(json, "parent"),
                Json.text(json, "guest"),
                texts(json, "commands"),
                map(json, "installed"),
                Json.text(json, "user", "root"),
                Json.text(json, "shell", "/bin/bash"),
                new Container(map(json, "environment"), Json.text(json, "workdir")),
                firmware(Json.text(json, "firmware")),
                emulation(json));
    }

    private static String word(Firmware firmware) {
        return firmware.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Firmware> firmware(String text) {
        return Stream.of(Firmware.values()).filter(known -> word(known).equals(text)).findFirst();
    }

    /// Older versions did not say it.
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
        var texts = new ArrayList<String>();
        for (JsonNode item : json.path(key)) {
            if (item.isString()) {
                texts.add(item.stringValue());
            }
        }
        return texts;
    }

    private static SortedMap<String, String> map(JsonNode json, String key) {
        var map = new TreeMap<String, String>();
        json.path(key)
                .properties()
                .forEach(
                        entry -> {
                            if (entry.getValue().isString()) {
                                map.put(entry.getKey(), entry.getValue().stringValue());
                            }
                        });
        return map;
    }
}
