package airlock.plan;

import airlock.base.Json;
import airlock.event.Phase;
import airlock.yaml.Key;
import airlock.yaml.Section;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// An action that `actions.yaml` describes: either `apart`, or `guest` and `run`, say what the
/// guest does.
///
/// @param about what it does, one sentence
/// @param ambient the phases in which Ambient's file may have it
/// @param runsCommit whether it may run what the commit's files decide about
/// @param runsCommitIf the field, a flag, with which it does; may be empty
/// @param reads the commit's files that decide what it brings; any if absent
/// @param writes the field with the path that it writes at; may be empty
/// @param needs the key of the configuration without which it is a mistake of the plan, below the
///     top or `repositories[]`; may be empty
/// @param connects the field with the URL that it connects to; may be empty
/// @param declares what it sets in pre_plan for the actions of plan
/// @param title what the log calls it
/// @param script the script's name if that is not the action's own
/// @param apart arguments of a script of Airlock's that runs apart from the commit, since it has
///     the network and may have secrets; nothing that the commit or the plan's environment says
///     reaches it
/// @param stdin for that script
/// @param guest what the guest program does itself, before `run`
/// @param run programs that run in `/ci/src`, one after the other
record ActionDescriptor(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String about,
        Set<Phase> ambient,
        @JsonProperty("runs_commit") boolean runsCommit,
        @JsonProperty("runs_commit_if") String runsCommitIf,
        List<FieldDescriptor> fields,
        Optional<ReadFiles> reads,
        String writes,
        String needs,
        String connects,
        Map<String, String> declares,
        String title,
        String script,
        List<JsonNode> apart,
        String stdin,
        List<GuestDescriptor> guest,
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
        var known = new ArrayList<>(Template.GIVEN);
        fields.forEach(field -> known.add(field.name()));
        var plain =
                Stream.of(runsCommitIf, connects, needs, writes).filter(named -> !named.isEmpty());
        var texts = Stream.of(title, stdin).flatMap(Template::names);
        Stream.of(
                        plain,
                        texts,
                        guest.stream().flatMap(GuestDescriptor::names),
                        parts(apart, run).flatMap(Template::names))
                .flatMap(named -> named)
                .filter(named -> !known.contains(named))
                .forEach(
                        named -> {
                            throw new IllegalArgumentException(
                                    "action %s: there is no %s".formatted(name, named));
                        });
        new Template(Map.of()).words(parts(apart, run).toList());
        if (!apart.isEmpty()) {
            Script.file((script.isEmpty() ? name : script) + ".sh");
        }
    }

    /// Reads one.
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

    /// The mirrors that it uses, as keys of the configuration.
    Stream<String> mirrors() {
        return parts(apart, run)
                .flatMap(Template::names)
                .filter(named -> named.startsWith("mirrors."));
    }

    /// How plan files write it.
    ActionKind kind() {
        return new ActionKind(
                name,
                ambient,
                runsCommit,
                section(_ -> true),
                section(field -> !field.onlyAirlock()));
    }

    private Section<Action> section(Predicate<FieldDescriptor> has) {
        var keys = fields.stream().filter(has).<Key<?>>map(FieldDescriptor::key).toList();
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
}
