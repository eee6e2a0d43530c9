package airlock.sweep;

import java.time.Duration;

/// The result of one half of a sweep.
sealed interface Outcome {
    /// Everything was compared.
    ///
    /// @param requests how many it caused
    record Compared(int requests) implements Outcome {}

    /// The comparison stopped early.
    ///
    /// @param requests how many it caused before
    /// @param why one line for people
    /// @param pause the least wait; zero if the forge named none
    record Hindered(int requests, String why, Duration pause) implements Outcome {
        Hindered(String why, Duration pause) {
            this(0, why, pause);
        }

        Hindered(String why) {
            this(0, why, Duration.ZERO);
        }
    }
}
