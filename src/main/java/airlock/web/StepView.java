package airlock.web;

import java.time.Duration;

/// A step of a phase that was started.
///
/// @param number its index in the phase, from 0, as in [StepKey]
/// @param title what it does, for people
/// @param end how it ended, such as `exit code 2`; empty while it runs
/// @param start when it began, counted from the start of its phase
/// @param took how long it took; zero while it runs
/// @param cpu processor time in user mode and kernel together
/// @param peakMemory the largest resident set of one process, bytes
/// @param exit its exit code; 0 while it runs
public record StepView(
        int number,
        String title,
        Mark mark,
        String end,
        Duration start,
        Duration took,
        Duration cpu,
        long peakMemory,
        int exit) {}
