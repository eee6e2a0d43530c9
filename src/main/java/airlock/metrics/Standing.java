package airlock.metrics;

import java.time.Duration;

/// The server's state at the moment of a scrape.
///
/// @param requests that are not yet runs
/// @param disk the file system of the state directory
/// @param store work of the database since start-up
public record Standing(
        Queued requests,
        Queued runs,
        Statuses statuses,
        Disk disk,
        Store store,
        Machines machines) {

    /// Requests or runs that have not ended.
    ///
    /// @param oldest how long the oldest one has waited; zero if none waits
    public record Queued(long waiting, long worked, Duration oldest) {}

    /// Commit statuses that have not arrived.
    ///
    /// @param waiting to be sent, on their way or in doubt
    /// @param paused while the forge refuses the token or the repository
    /// @param givenUp in the last day: they will never arrive
    public record Statuses(long waiting, long paused, long givenUp) {}

    /// Bytes.
    public record Disk(long free, long size) {}

    /// Clones, and problems with them since start-up.
    ///
    /// @param ready clones that wait for a phase
    /// @param problems templates and ready clones discarded since start-up
    public record Machines(long ready, long problems) {}

    public record Store(long reads, long writes) {}
}
