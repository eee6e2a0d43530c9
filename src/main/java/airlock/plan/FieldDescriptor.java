package airlock.plan;

import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Key.Presence;
import airlock.yaml.Type;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;

/// A field of an action that `actions.yaml` describes. It is required unless it has `default` or
/// `without`.
///
/// @param type the name of one of the types below; empty if `form` says what fits
/// @param form a regular expression
/// @param expected what fits it, for people
/// @param most how many values it may have; 0 for a single value without a list
/// @param fallback its values if a plan does not have it
/// @param without the same for people; may be empty if `fallback` says it
/// @param onlyAirlock whether Ambient's action lacks it
record FieldDescriptor(
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
    FieldDescriptor {
        if (form.isEmpty() != Texts.TYPES.containsKey(type)) {
            throw new IllegalArgumentException(
                    "field %s: needs `form`, or a `type` of %s"
                            .formatted(name, Texts.TYPES.keySet()));
        }
    }

    /// How plan files write it.
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
