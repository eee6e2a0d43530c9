package airlock.plan;

import airlock.config.Destinations;
import airlock.text.SafeText;
import airlock.vm.Step;
import airlock.vm.Step.When;
import airlock.yaml.Binder;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// An action with the keys that every action may have.
record ArrangedAction(Action action, Arrangement how) implements Action {
    private static final int LONGEST_TITLE = 180;

    @Override
    public String name() {
        return action.name();
    }

    /// A step after the first runs only if the one before it ran and succeeded.
    @Override
    public List<Step> lower(StepContext context) {
        var steps = action.lower(context);
        return IntStream.range(0, steps.size())
                .mapToObj(
                        i -> {
                            var step = steps.get(i).at(i == 0 ? how.when() : When.FOLLOWS);
                            return how.timeout()
                                    .map(step::within)
                                    .orElse(step)
                                    .called(title(step, steps.size()));
                        })
                .toList();
    }

    @Override
    public boolean ignoresEnvironment() {
        return action.ignoresEnvironment();
    }

    private String title(Step step, int steps) {
        return how.name()
                .map(
                        title ->
                                steps == 1
                                        ? title
                                        : SafeText.line(title + ": " + step.title(), LONGEST_TITLE))
                .orElse(step.title());
    }

    @Override
    public Optional<String> bashText() {
        return action.bashText();
    }

    @Override
    public boolean runsCommit() {
        return action.runsCommit();
    }

    @Override
    public ReadFiles reads() {
        return action.reads();
    }

    @Override
    public Optional<String> lacks(Destinations given) {
        return action.lacks(given);
    }

    @Override
    public List<String> secrets() {
        return action.secrets();
    }

    @Override
    public List<String> remarks() {
        return action.remarks();
    }

    @Override
    public List<String> places(Destinations given) {
        return action.places(given);
    }

    /// With `if: failed` it has not run if the phase succeeded.
    @Override
    public Map<String, String> declared() {
        return how.when() == When.FAILED ? Map.of() : action.declared();
    }

    @Override
    public Map<String, String> environment() {
        return action.environment();
    }

    /// The keys that every action of Airlock's own file may have.
    ///
    /// @param when depends on the earlier actions of its phase
    @Setting.Group(title = "Every action")
    record Arrangement(
            @Setting(
                            value = "Its title in the log.",
                            without = "the action's own",
                            type = "title",
                            example = "unit tests")
                    Optional<String> name,
            @Setting(
                            value =
                                    "How long it may take; then all of its programs are killed and it"
                                            + " has failed.",
                            without = "the phase's",
                            range = "1s to 7d",
                            example = "10m")
                    Optional<Duration> timeout,
            @Setting(
                            name = "if",
                            value =
                                    "When it runs: `passed` if nothing before it in its phase has"
                                            + " failed, `failed` if something has, or `always`.",
                            or = "passed",
                            example = "failed")
                    When when) {
        private static final int LONGEST_NAME = 80;

        static final Section<Arrangement> KEYS =
                Binder.standard()
                        .with(
                                "title",
                                Scalars.matching(
                                        "one line of at most %d characters".formatted(LONGEST_NAME),
                                        Arrangement::isTitle))
                        .with(
                                When.class,
                                Scalars.choice(
                                        List.of(When.PASSED, When.FAILED, When.ALWAYS),
                                        when -> when.name().toLowerCase(Locale.ROOT)))
                        .section(Arrangement.class);

        private static boolean isTitle(String text) {
            return !text.isBlank() && SafeText.line(text, LONGEST_NAME).equals(text);
        }

        /// Adds these keys to an action's fields. A field of the same name wins.
        static Section<Action> beside(Section<? extends Action> fields) {
            var own = fields.names();
            var others = KEYS.keys().stream().filter(key -> !own.contains(key.name()));
            return new Section<>(
                    fields.title(),
                    fields.about(),
                    Stream.concat(fields.keys().stream(), others).toList(),
                    values -> arranged(fields.make().apply(values), own, values));
        }

        private static Action arranged(Action action, List<String> fields, Values values) {
            var written = KEYS.make().apply(values);
            var how =
                    fields.contains("name")
                            ? new Arrangement(Optional.empty(), written.timeout, written.when)
                            : written;
            if (how.name.isEmpty() && how.timeout.isEmpty() && !values.isWritten("if")) {
                return action;
            }
            if (!action.environment().isEmpty() && how.when != When.PASSED) {
                values.place("if")
                        .error(
                                "the variables of %s are set in any case"
                                        .formatted(SafeText.quoted(action.name())),
                                "passed");
            }
            return new ArrangedAction(action, how);
        }
    }
}
