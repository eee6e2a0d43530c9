package airlock.plan;

import airlock.config.Destinations;
import airlock.text.SafeText;
import airlock.vm.Step;
import airlock.vm.Step.When;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// An action of which a plan file says more than the action's own fields.
///
/// @param action what it does
/// @param title what people read in place of its own title; empty where nothing else is said
/// @param timeout how long all of its steps together may take
/// @param when whether it runs, by what came before it in its phase
record ArrangedAction(Action action, String title, Optional<Duration> timeout, When when)
        implements Action {
    private static final int LONGEST_TITLE = 180;

    @Override
    public String name() {
        return action.name();
    }

    /// Its steps stand and fall together: one runs only if the one before it ran and succeeded.
    @Override
    public List<Step> lower(StepContext context) {
        var steps = action.lower(context);
        return IntStream.range(0, steps.size())
                .mapToObj(
                        i -> {
                            var step = steps.get(i).at(i == 0 ? when : When.FOLLOWS);
                            return timeout.map(step::within)
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
        if (title.isEmpty()) {
            return step.title();
        }
        return steps == 1 ? title : SafeText.line(title + ": " + step.title(), LONGEST_TITLE);
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

    /// One that runs only after a failure has not run where the phase succeeded.
    @Override
    public Map<String, String> declared() {
        return when == When.FAILED ? Map.of() : action.declared();
    }

    @Override
    public Map<String, String> environment() {
        return action.environment();
    }
}
