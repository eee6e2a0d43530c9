package airlock.results;

import airlock.event.Verdict;
import java.time.Duration;
import java.util.Optional;

/// A step of a phase that was started. If it did not end by itself, its mark is that of its phase,
/// or [Mark#NOT_RUN].
///
/// @param number its index in the phase, from 0, as in [StepKey]
/// @param title what it does, for people
/// @param start since the start of its phase
/// @param end empty if it did not end by itself
public record StepView(int number, String title, Mark mark, Duration start, Optional<End> end) {
    /// How a step ended, and what it used.
    ///
    /// @param word such as `exited with 2`
    /// @param exit its exit code
    /// @param cpu user and system time together
    /// @param peakMemory largest resident set of one process, bytes
    public record End(
            String word, Optional<Integer> exit, Duration took, Duration cpu, long peakMemory) {}

    public String ending() {
        return end.map(End::word).orElse("");
    }

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
