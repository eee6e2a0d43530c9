package airlock.results;

import airlock.event.Verdict;
import java.time.Duration;
import java.util.Optional;

/// A step of a phase that was started.
/// One that did not end by itself has the mark of its phase, or [Mark#NOT_RUN].
///
/// @param number its index in the phase, from 0, as in [StepKey]
/// @param title what it does, for people
/// @param start when it began, counted from the start of its phase
/// @param end empty if it did not end by itself
public record StepView(int number, String title, Mark mark, Duration start, Optional<End> end) {
    /// How a step ended, and what it took.
    ///
    /// @param word such as `exited with 2`
    /// @param exit its exit code
    /// @param cpu processor time in user mode and kernel together
    /// @param peakMemory the largest resident set of one process, bytes
    public record End(String word, int exit, Duration took, Duration cpu, long peakMemory) {}

    /// How it ended, for people; empty if it did not end by itself.
    public String ending() {
        return end.map(End::word).orElse("");
    }

    /// The same in a phase that ended with `verdict`.
    StepView cutOff(Verdict verdict) {
        return end.isPresent()
                ? this
                : new StepView(
                        number,
                        title,
                        mark == Mark.RUNNING ? Mark.of(verdict) : Mark.NOT_RUN,
                        start,
                        end);
    }
}
