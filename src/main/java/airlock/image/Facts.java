package airlock.image;

import airlock.base.Hash;
import airlock.base.Json;
import airlock.vm.BootFiles.Emulation;
import airlock.vm.BootFiles.Firmware;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Facts about an image, written once, to `facts.json` beside the image's own files. Missing keys
/// there mean "unknown", so that images of older versions and those that operators assemble
/// themselves stay readable.
///
/// @param name without the key
/// @param guest SHA-256 of its guest program; empty if unknown
/// @param sha256 of each booted file, by name
/// @param made empty if unknown
/// @param firmware that its own boot loader needs; empty if it boots Airlock's kernel
/// @param emulation how its CPUs are emulated without KVM
public record Facts(
        String name,
        Origin origin,
        Software software,
        String guest,
        SortedMap<String, String> sha256,
        Optional<Instant> made,
        Optional<Firmware> firmware,
        Emulation emulation) {
    private static final int LONGEST = 8 << 20;
    private static final Pattern JAVA = Pattern.compile("openjdk-[0-9]+-jre-headless");

    public Facts {
        sha256 = sorted(sha256);
    }

    /// Facts of an image whose files are not all written.
    Facts(
            String name,
            Origin origin,
            Software software,
            String guest,
            Optional<Firmware> firmware,
            Emulation emulation) {
        this(name, origin, software, guest, sorted(), Optional.empty(), firmware, emulation);
    }

    /// How an image came to be. A text or list is empty if it does not apply.
    ///
    /// @param text one line, for people
    /// @param parent directory name of the image that this one took its kernel or its disk from
    /// @param commands that a person typed in the parent
    /// @param recipe the text of its recipe
    /// @param suite of Debian
    /// @param asked the packages that the recipe lists
    public record Origin(
            String text,
            String parent,
            List<String> commands,
            String recipe,
            String suite,
            List<String> asked) {
        public Origin {
            commands = List.copyOf(commands);
            asked = List.copyOf(asked);
        }

        static Origin imported(String text, String parent) {
            return new Origin(text, parent, List.of(), "", "", List.of());
        }
    }

    /// The programs on an image's disk.
    ///
    /// @param installed version by Debian package; empty if unknown
    /// @param user who runs actions
    /// @param shell the shell that runs them
    public record Software(
            SortedMap<String, String> installed, String user, String shell, Container container) {
        static final Software UNKNOWN = debian(Map.of());

        public Software {
            installed = sorted(installed);
        }

        static Software debian(Map<String, String> installed) {
            boolean bash = installed.isEmpty() || installed.containsKey("bash");
            String shell = bash ? "/bin/bash" : "/bin/sh";
            return new Software(sorted(installed), "root", shell, Container.NONE);
        }
    }

    /// The environment of programs in a container image (OCI image-spec, config.md).
    ///
    /// @param environment its `ENV`, values by name
    /// @param directory its `WORKDIR`, empty for none
    public record Container(SortedMap<String, String> environment, String directory) {
        /// For images that were not container images.
        static final Container NONE = new Container(sorted(), "");

        public Container {
            environment = sorted(environment);
        }
    }

    /// @param detected applies if the recipe does not set the emulation
    static Facts of(
            Recipe recipe, Map<String, String> installed, Emulation detected, String guest) {
        String from = "the recipe " + recipe.name();
        return new Facts(
                recipe.name(),
                new Origin(from, "", List.of(), recipe.text(), recipe.suite(), recipe.packages()),
                Software.debian(installed),
                guest,
                Optional.empty(),
                recipe.emulation().orElse(detected));
    }

    /// Adds what is known once all files are written.
    Facts sealed(Map<String, String> hashes, Instant when) {
        var sums = sorted(hashes);
        return new Facts(
                name, origin, software, guest, sums, Optional.of(when), firmware, emulation);
    }

    Facts withGuest(String hash) {
        return new Facts(name, origin, software, hash, sha256, made, firmware, emulation);
    }

    /// Facts of an image that a person made from this one; its packages are unknown.
    Facts changed(String newName, String parent, List<String> typed) {
        String from = "the image " + parent + ", changed in a shell";
        return new Facts(
                newName,
                new Origin(from, parent, typed, "", origin.suite, List.of()),
                new Software(sorted(), software.user, software.shell, software.container),
                guest,
                firmware,
                emulation);
    }

    /// One hash of all booted files: images with the same hash are identical, byte for byte.
    public String hash() {
        var hash = Hash.sha256();
        sha256.forEach((file, sum) -> hash.add(sum + "  " + file + "\n"));
        return hash.hex();
    }

    private static SortedMap<String, String> sorted() {
        return Collections.emptySortedMap();
    }

    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    /// Looks for a Java virtual machine: before version 26, OpenJDK overwrites the first
    /// instruction of compiled code while it runs (`NativeJump::patch_verified_entry`).
    ///
    /// @param paths of the image's files
    static Emulation emulation(Stream<String> paths) {
        boolean isJava = paths.anyMatch(path -> path.endsWith("/libjvm.so"));
        return isJava ? Emulation.IN_TURN : Emulation.PARALLEL;
    }

    /// The text of `facts.json`.
    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", name);
        all.put("suite", origin.suite);
        all.put("packages", origin.asked);
        all.put("sha256", sha256);
        made.ifPresent(time -> all.put("made", time.toString()));
        all.put("from", origin.text);
        all.put("user", software.user);
        all.put("shell", software.shell);
        if (!software.container.equals(Container.NONE)) {
            all.put("environment", software.container.environment);
            all.put("workdir", software.container.directory);
        }
        firmware.ifPresent(known -> all.put("firmware", word(known)));
        all.put("emulation", emulation.word());
        all.put("parent", origin.parent);
        all.put("guest", guest);
        all.put("commands", origin.commands);
        all.put("recipe", origin.recipe);
        all.put("installed", software.installed);
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }

    /// @throws ImageException if the file cannot be read or is not a JSON object
    static Facts read(Path file) {
        byte[] bytes = StoreFiles.small(file, LONGEST);
        try {
            var json = Json.read(bytes);
            if (!json.isObject()) {
                throw new ImageException(file + " is not a JSON object");
            }
            return of(json);
        } catch (JacksonException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ImageException("cannot read the facts " + file + ": " + why, e);
        }
    }

    private static Facts of(JsonNode json) {
        var installed = map(json, "installed");
        return new Facts(
                Json.text(json, "name"),
                new Origin(
                        Json.text(json, "from", "unknown"),
                        Json.text(json, "parent"),
                        texts(json, "commands"),
                        Json.text(json, "recipe"),
                        Json.text(json, "suite"),
                        texts(json, "packages")),
                new Software(
                        installed,
                        Json.text(json, "user", "root"),
                        Json.text(json, "shell", "/bin/bash"),
                        new Container(map(json, "environment"), Json.text(json, "workdir"))),
                Json.text(json, "guest"),
                map(json, "sha256"),
                time(Json.text(json, "made")),
                Stream.of(Firmware.values())
                        .filter(known -> word(known).equals(Json.text(json, "firmware")))
                        .findFirst(),
                Emulation.of(Json.text(json, "emulation"))
                        .orElse(
                                installed.keySet().stream().anyMatch(JAVA.asMatchPredicate())
                                        ? Emulation.IN_TURN
                                        : Emulation.PARALLEL));
    }

    private static String word(Firmware firmware) {
        return firmware.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Instant> time(String text) {
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
