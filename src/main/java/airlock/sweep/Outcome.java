package airlock.sweep;

import java.time.Duration;

/// What came of one half of a sweep.
sealed interface Outcome {
    /// All was compared.
    ///
    /// @param requests how many it made
    record Compared(int requests) implements Outcome {}

    /// Not all was.
    ///
    /// @param requests how many were made before
    /// @param why one line for people
    /// @param pause how long to wait at least; zero where nobody said
    record Hindered(int requests, String why, Duration pause) implements Outcome {}
}
