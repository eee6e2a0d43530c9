package airlock.plan;

import airlock.config.Destinations;
import airlock.text.SafeText;
import airlock.vm.Step;
import airlock.vm.Step.When;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

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
}
