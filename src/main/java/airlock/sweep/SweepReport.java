package airlock.sweep;

import java.time.Duration;

/// What came of sweeping one repository.
///
/// @param requests how many requests it made
/// @param first whether it only recorded what is there, in at least one half
/// @param problem what hindered it, in one line; empty where all was compared
/// @param took how long it took
public record SweepReport(int requests, boolean first, String problem, Duration took) {}
