package airlock.plan;

import airlock.config.Destinations;
import airlock.config.Mirror;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Expands the texts of `actions.yaml`, which describes their syntax at its top.
///
/// @param values by name; names without values expand to nothing
record ActionTemplate(Map<String, List<String>> values) {
    private static final Pattern PLACE = Pattern.compile("\\{([/@]?)([a-z][a-z0-9_.]*)([*,:]?)\\}");
    private static final String RSYNC = "targets.rsync";
    private static final String DPUT = "targets.dput";

    /// Names of values that the configuration may give.
    static final List<String> GIVEN =
            Stream.concat(
                            Arrays.stream(Mirror.values()).map(Mirror::path),
                            Stream.of(RSYNC, RSYNC + ".port", DPUT, DPUT + ".cf"))
                    .toList();

    /// A template with the fields of an action and the operator's servers.
    static ActionTemplate of(Map<String, List<String>> fields, Destinations given) {
        var all = new HashMap<>(fields);
        given.mirrors().forEach((kind, url) -> all.put(kind.path(), List.of(url.toString())));
        given.rsync()
                .ifPresent(
                        target -> {
                            all.put(RSYNC, List.of(target.remote()));
                            all.put(RSYNC + ".port", List.of(String.valueOf(target.port())));
                        });
        given.dput()
                .ifPresent(
                        target -> {
                            all.put(DPUT, List.of(target.name()));
                            all.put(DPUT + ".cf", DputFile.of(target).stream().toList());
                        });
        return new ActionTemplate(all);
    }

    private List<String> valuesOf(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// Whether there is a value other than `false`.
    boolean has(String name) {
        return !valuesOf(name).isEmpty() && !valuesOf(name).equals(List.of("false"));
    }

    /// Expands a text.
    String text(String template) {
        return PLACE.matcher(template).replaceAll(place -> Matcher.quoteReplacement(filled(place)));
    }

    private String filled(MatchResult place) {
        String name = place.group(2);
        String between = place.group(3).replace('*', ' ');
        return switch (place.group(1)) {
            case "@" -> Script.file(name);
            case "/" -> valuesOf(name).stream().map(StepContext::absolute).findFirst().orElse("");
            default -> String.join(between.isEmpty() ? " " : between, valuesOf(name));
        };
    }

    /// Expands the arguments of a program.
    List<String> words(List<JsonNode> parts) {
        return parts.stream()
                .filter(part -> condition(part, "if").map(this::has).orElse(true))
                .filter(part -> !condition(part, "unless").map(this::has).orElse(false))
                .flatMap(ActionTemplate::wordsOf)
                .flatMap(this::filled)
                .toList();
    }

    private Stream<String> filled(String word) {
        var place = PLACE.matcher(word);
        return place.matches() && place.group(3).equals("*")
                ? valuesOf(place.group(2)).stream()
                : Stream.of(text(word));
    }

    /// The words of a part: a text, or a mapping of `words` with `if` or `unless`.
    private static Stream<String> wordsOf(JsonNode part) {
        return (part.isString() ? Stream.of(part) : part.path("words").values().stream())
                .map(JsonNode::stringValue);
    }

    private static Optional<String> condition(JsonNode part, String key) {
        return part.path(key).stringValueOpt();
    }

    /// The names in a part, without those of files.
    static Stream<String> names(JsonNode part) {
        var conditions =
                Stream.of("if", "unless").flatMap(key -> condition(part, key).stream()).toList();
        if (!part.isString() && (conditions.size() != 1 || part.size() != 2)) {
            throw new IllegalArgumentException(part + " needs `words`, and `if` or `unless`");
        }
        return Stream.concat(conditions.stream(), wordsOf(part).flatMap(ActionTemplate::names));
    }

    /// The names in a text, without those of files.
    static Stream<String> names(String text) {
        return PLACE.matcher(text)
                .results()
                .filter(place -> !place.group(1).equals("@"))
                .map(place -> place.group(2));
    }
}
