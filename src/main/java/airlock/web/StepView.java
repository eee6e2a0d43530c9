package airlock.web;

import java.time.Duration;

/// A step of a phase that was started.
/// One that did not end by itself has the mark of its phase, or [Mark#NOT_RUN].
///
/// @param number its index in the phase, from 0, as in [StepKey]
/// @param title what it does, for people
/// @param end how it ended, such as `exited with 2`; empty if it did not end by itself
/// @param start when it began, counted from the start of its phase
/// @param took how long it took; zero if it did not end by itself
/// @param cpu processor time in user mode and kernel together
/// @param peakMemory the largest resident set of one process, bytes
/// @param exit its exit code; 0 if it did not end by itself
public record StepView(
        int number,
        String title,
        Mark mark,
        String end,
        Duration start,
        Duration took,
        Duration cpu,
        long peakMemory,
        int exit) {
    /// Whether it ended by itself, so that its times and resources are known.
    public boolean hasEnded() {
        return !end.isEmpty();
    }
}
