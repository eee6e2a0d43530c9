package airlock.plan;

import airlock.base.Json;
import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Key.Presence;
import airlock.yaml.Section;
import airlock.yaml.Type;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// An action in `actions.yaml`. Either `apart`, or `guest` and `run`, have the guest's steps.
///
/// @param about one sentence
/// @param ambient the phases in which Ambient's file may have it
/// @param runsCommit whether it may run code of the commit
/// @param runsCommitIf the field, a flag, with which it does; may be empty
/// @param reads the commit's files that its result depends on; any if absent
/// @param writes the field with the path that it writes at; may be empty
/// @param needs a key of the configuration, below the top or `repositories[]`, without which plans
///     with it are invalid; may be empty
/// @param connects the field with the URL that it connects to; may be empty
/// @param declares variables that it sets in pre_plan for the actions of plan
/// @param title for the log; may be empty
/// @param script the script's name if it is not the action's
/// @param apart arguments of a script of Airlock's, which nothing in the commit or the plan's
///     environment can influence: it has the network and may have secrets
/// @param stdin for that script
/// @param guest steps of the guest program, before `run`
/// @param run programs that run in `/ci/src`, in order
record ActionDescriptor(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String about,
        Set<Phase> ambient,
        @JsonProperty("runs_commit") boolean runsCommit,
        @JsonProperty("runs_commit_if") String runsCommitIf,
        List<Field> fields,
        Optional<ReadFiles> reads,
        String writes,
        String needs,
        String connects,
        Map<String, String> declares,
        String title,
        String script,
        List<JsonNode> apart,
        String stdin,
        List<Guest> guest,
        List<List<JsonNode>> run) {
    private static final JsonMapper STRICT =
            Json.MAPPER
                    .rebuild()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .changeDefaultNullHandling(absent -> absent.withValueNulls(Nulls.AS_EMPTY))
                    .build();

    ActionDescriptor {
        if (apart.isEmpty() == (guest.isEmpty() && run.isEmpty())) {
            throw new IllegalArgumentException(
                    name + ": needs either `apart` or `run` (or `guest`)");
        }
        var known = new ArrayList<>(ActionTemplate.GIVEN);
        fields.forEach(field -> known.add(field.name()));
        var plain =
                Stream.of(runsCommitIf, connects, needs, writes).filter(named -> !named.isEmpty());
        var texts = Stream.of(title, stdin).flatMap(ActionTemplate::names);
        Stream.of(
                        plain,
                        texts,
                        guest.stream().flatMap(Guest::names),
                        parts(apart, run).flatMap(ActionTemplate::names))
                .flatMap(named -> named)
                .filter(named -> !known.contains(named))
                .forEach(
                        named -> {
                            throw new IllegalArgumentException(
                                    "action %s: there is no %s".formatted(name, named));
                        });
        new ActionTemplate(Map.of()).words(parts(apart, run).toList());
        if (!apart.isEmpty()) {
            Script.file((script.isEmpty() ? name : script) + ".sh");
        }
    }

    /// Parses an entry.
    ///
    /// @throws IllegalStateException if it is not valid
    static ActionDescriptor of(JsonNode node) {
        try {
            return STRICT.treeToValue(node, ActionDescriptor.class);
        } catch (JacksonException e) {
            throw new IllegalStateException("actions.yaml: " + e.getMessage(), e);
        }
    }

    private static Stream<JsonNode> parts(List<JsonNode> apart, List<List<JsonNode>> run) {
        return Stream.concat(apart.stream(), run.stream().flatMap(List::stream));
    }

    private static List<String> words(Object read) {
        return read instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of(read.toString());
    }

    /// Keys of the mirrors that it uses.
    Stream<String> mirrors() {
        return parts(apart, run)
                .flatMap(ActionTemplate::names)
                .filter(named -> named.startsWith("mirrors."));
    }

    ActionKind kind() {
        return new ActionKind(
                name,
                ambient,
                runsCommit,
                section(_ -> true),
                section(field -> !field.onlyAirlock()));
    }

    private Section<Action> section(Predicate<Field> has) {
        var keys = fields.stream().filter(has).<Key<?>>map(Field::key).toList();
        return new Section<>(
                name,
                about,
                keys,
                values -> {
                    var all = new HashMap<String, List<String>>();
                    fields.forEach(field -> all.put(field.name(), field.fallback()));
                    keys.forEach(
                            key ->
                                    values.find(key)
                                            .ifPresent(read -> all.put(key.name(), words(read))));
                    return new DescribedAction(this, all);
                });
    }

    /// A field of an action. It is required unless it has `default` or `without`.
    ///
    /// @param type a word of [Texts#TYPES]; empty if there is a `form`
    /// @param form a regular expression
    /// @param expected describes the form
    /// @param most the length of a list, or 0 for a single value
    /// @param fallback the values if the plan has none
    /// @param without describes them; may be empty
    /// @param onlyAirlock whether Ambient's action lacks it
    record Field(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String meaning,
            String type,
            String form,
            String expected,
            int least,
            int most,
            @JsonProperty("default") List<String> fallback,
            String without,
            String example,
            @JsonProperty("only_airlock") boolean onlyAirlock) {
        Field {
            if (form.isEmpty() != Texts.TYPES.containsKey(type)) {
                throw new IllegalArgumentException(
                        "field %s: needs `form`, or a `type` of %s"
                                .formatted(name, Texts.TYPES.keySet()));
            }
        }

        Key<?> key() {
            Type<?> one =
                    form.isEmpty()
                            ? Objects.requireNonNull(Texts.TYPES.get(type))
                            : Texts.matching(expected, form);
            return most == 0 ? key(one) : key(Compounds.list(one, least, most));
        }

        private <T> Key<T> key(Type<T> read) {
            boolean isFree = !fallback.isEmpty() || !without.isEmpty();
            String shown = most == 0 ? String.join("", fallback) : fallback.toString();
            Presence<T> presence =
                    isFree
                            ? new Presence.Free<>(without.isEmpty() ? shown : without)
                            : new Presence.Required<>();
            return new Key<>(name, read, presence, meaning, example);
        }
    }

    /// A step of the guest program. It makes exactly one of `directory`, `file` and `link`, each a
    /// path.
    ///
    /// @param parents whether to make missing parents of the directory
    /// @param content of the file
    /// @param overwrite the field, a flag, that says whether to replace an existing file
    /// @param to the link's target
    record Guest(
            @JsonProperty(required = true) String title,
            String directory,
            boolean parents,
            String file,
            String content,
            String overwrite,
            String link,
            String to) {
        Guest {
            if (Stream.of(directory, file, link).filter(path -> !path.isEmpty()).count() != 1) {
                throw new IllegalArgumentException(
                        title + ": needs either `directory`, `file` or `link`");
            }
        }

        /// The names in its texts.
        Stream<String> names() {
            return Stream.concat(
                    Stream.of(overwrite).filter(flag -> !flag.isEmpty()),
                    Stream.of(title, directory, file, content, link, to)
                            .flatMap(ActionTemplate::names));
        }

        Step step(ActionTemplate fields) {
            return StepContext.plain(
                    SafeText.line(fields.text(title), DescribedAction.LONGEST_TITLE), what(fields));
        }

        private GuestStep what(ActionTemplate fields) {
            if (!directory.isEmpty()) {
                return new GuestStep.MakeDirectory(fields.text(directory), 0755, parents);
            }
            return link.isEmpty()
                    ? new GuestStep.WriteFile(
                            fields.text(file), 0644, fields.text(content), fields.has(overwrite))
                    : new GuestStep.Link(fields.text(to), fields.text(link));
        }
    }
}
