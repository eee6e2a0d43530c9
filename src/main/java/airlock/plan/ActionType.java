package airlock.plan;

import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.yaml.Node;
import airlock.yaml.Node.Entry;
import airlock.yaml.Node.Mapping;
import airlock.yaml.Node.Scalar;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads an item of a phase's list.
///
/// @param hinders why the operator does not allow an action
record ActionType(PlanFile file, Phase phase, Function<Action, Optional<String>> hinders)
        implements Type<Action> {
    static final String ACTION = "action";

    @Override
    public String expected() {
        return "an action, such as `- action: pwd`";
    }

    @Override
    public Optional<Action> read(Node node, Place place) {
        return switch (node) {
            case Mapping mapping -> read(mapping, place);
            case Scalar scalar when !scalar.isNothing() -> {
                String text = SafeText.quoted(scalar.text());
                place.error(
                        "found only " + text + "; write `- action: NAME` with its fields below it");
                yield Optional.empty();
            }
            case Scalar _, Node.Sequence _ -> {
                place.error("found " + node.kind(), expected());
                yield Optional.empty();
            }
        };
    }

    private Optional<Action> read(Mapping mapping, Place place) {
        Optional<Entry> entry = mapping.find(ACTION);
        if (entry.isEmpty()) {
            missing(mapping, place);
            return Optional.empty();
        }
        Place here = place.key(ACTION, entry.get().value().at());
        Optional<ActionKind> kind =
                Scalars.TEXT.read(entry.get().value(), here).flatMap(name -> kind(name, here));
        List<Entry> fields =
                mapping.entries().stream().filter(e -> !e.key().equals(ACTION)).toList();
        Place ofFields =
                switch (file) {
                    case AIRLOCK -> place;
                    case AMBIENT -> place.lenient();
                };
        Optional<Action> action =
                kind.flatMap(k -> k.fields(file).read(fields, ofFields).map(Action.class::cast))
                        .filter(read -> mayHave(read.secrets(), mapping, place));
        action.ifPresent(read -> read.remarks().forEach(place::warning));
        action.flatMap(hinders)
                .ifPresent(
                        why ->
                                here.error(
                                        "action "
                                                + SafeText.quoted(action.get().name())
                                                + " "
                                                + why));
        return action;
    }

    /// The VM of `plan` never has a secret (T2).
    private boolean mayHave(List<String> secrets, Mapping mapping, Place place) {
        if (secrets.isEmpty() || phase != Phase.PLAN) {
            return true;
        }
        Place here =
                mapping.find("secrets")
                        .map(entry -> place.key(entry.key(), entry.at()))
                        .orElse(place);
        here.error("the machine of plan never has a secret; only pre_plan and post_plan can");
        return false;
    }

    /// A common mistake is `- shell: make`.
    private static void missing(Mapping mapping, Place place) {
        String likely =
                mapping.entries().stream()
                        .map(Entry::key)
                        .filter(key -> Actions.find(key).isPresent())
                        .findFirst()
                        .map(key -> "; add `action: " + key + "`")
                        .orElse("");
        place.error("key 'action' is missing" + likely, "the action's name");
    }

    private Optional<ActionKind> kind(String name, Place place) {
        Optional<ActionKind> kind = Actions.find(name);
        String quoted = SafeText.quoted(name);
        if (kind.isPresent()) {
            if (kind.get().fits(file, phase)) {
                return kind;
            }
            place.error(
                    "action %s does not belong in %s of %s, only in %s"
                            .formatted(quoted, phase.key(), file.path(), belongs(kind.get())),
                    String.join(", ", Actions.names(file, phase)));
            return Optional.empty();
        }
        place.unknown(
                "unknown action " + quoted,
                name,
                Actions.names(file, phase),
                Actions.ALL.stream().map(ActionKind::name).toList());
        return Optional.empty();
    }

    private static String belongs(ActionKind kind) {
        return kind.ambientPhases().isEmpty()
                ? PlanFile.AIRLOCK.path()
                : kind.ambientPhases().stream()
                        .sorted()
                        .map(Phase::key)
                        .collect(Collectors.joining(", "));
    }
}
