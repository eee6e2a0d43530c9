package airlock.plan;

import airlock.text.SafeText;
import airlock.vm.Step.When;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The keys that every action of Airlock's own file may have beside its fields.
final class Arrangement {
    private static final int LONGEST_NAME = 80;
    private static final Key<String> NAME =
            Key.free("name", name(), "the action's own", "What the log calls it.")
                    .example("unit tests");
    private static final Key<Duration> TIMEOUT =
            Key.free(
                            "timeout",
                            Scalars.duration(Duration.ofSeconds(1), Duration.ofDays(7)),
                            "the phase's",
                            "How long it may take; then all of its programs are ended and it has"
                                    + " failed.")
                    .example("10m");
    private static final Key<When> IF =
            Key.or(
                            "if",
                            Scalars.choice(
                                    List.of(When.PASSED, When.FAILED, When.ALWAYS),
                                    when -> when.name().toLowerCase(Locale.ROOT)),
                            When.PASSED,
                            "passed",
                            "When it runs: `passed`, where nothing before it in its phase has"
                                    + " failed; `failed`, where something has; `always`.")
                    .example("failed");

    /// In the order of the documentation.
    static final List<Key<?>> KEYS = List.of(NAME, TIMEOUT, IF);

    private Arrangement() {}

    private static Type<String> name() {
        return Scalars.TEXT.as(
                "one line of at most %d characters".formatted(LONGEST_NAME),
                text -> {
                    String shown = SafeText.line(text, LONGEST_NAME);
                    if (text.isBlank() || !shown.equals(text)) {
                        throw new IllegalArgumentException(SafeText.quoted(text) + " is none");
                    }
                    return text;
                });
    }

    /// An action's fields with these keys beside them. A field of the same name stays the field.
    static Section<Action> beside(Section<Action> fields) {
        var own = fields.names();
        var others = KEYS.stream().filter(key -> !own.contains(key.name()));
        return new Section<>(
                fields.title(),
                fields.about(),
                Stream.concat(fields.keys().stream(), others).toList(),
                values -> arranged(fields.make().apply(values), own, values));
    }

    private static Action arranged(Action action, List<String> fields, Values values) {
        boolean hasName = !fields.contains(NAME.name()) && values.isWritten(NAME);
        if (!hasName && !values.isWritten(TIMEOUT) && !values.isWritten(IF)) {
            return action;
        }
        if (!action.environment().isEmpty() && values.get(IF) != When.PASSED) {
            values.place(IF)
                    .error(
                            "what %s sets holds whatever came before it"
                                    .formatted(SafeText.quoted(action.name())),
                            "passed");
        }
        return new ArrangedAction(
                action,
                hasName ? values.find(NAME).orElse("") : "",
                values.find(TIMEOUT),
                values.get(IF));
    }
}
