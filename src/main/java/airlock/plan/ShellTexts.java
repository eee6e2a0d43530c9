package airlock.plan;

import airlock.event.Phase;
import airlock.vm.Step;
import java.util.List;
import java.util.Optional;

/// The step that has the image's shellcheck(1) look at a phase's texts for bash. It reads what that
/// phase runs anyway, in the same VM, and whatever it finds is advice (H6).
final class ShellTexts {
    /// Debian's package, and the program in it.
    static final String PACKAGE = "shellcheck";

    /// Of all texts of a phase; what lies behind is not looked at.
    private static final int MOST = 256 << 10;

    private ShellTexts() {}

    /// Empty where there is nothing to look at.
    static Optional<Step> step(Plan plan, Phase phase) {
        var stdin = new StringBuilder();
        int number = 0;
        for (Action action : plan.actionsOf(phase)) {
            String text = action.bashText().orElse("");
            if (!text.isEmpty() && stdin.length() + text.length() < MOST) {
                stdin.append("%s[%d].shell".formatted(phase.key(), number)).append('\0');
                stdin.append(text).append('\0');
            }
            number++;
        }
        return stdin.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        StepContext.FIRST.apart(
                                Script.of(
                                        "look at shell actions with shellcheck",
                                        "shellcheck",
                                        List.of(),
                                        stdin.toString())));
    }
}
