package airlock.metrics;

import java.time.Duration;

/// What stands at the moment of a scrape.
///
/// @param requests those that are not yet runs
/// @param statuses what forges are to be told
/// @param disk the file system of the state directory
/// @param store pieces of work for the database since the start
/// @param machines what starts virtual machines
public record Standing(
        Queued requests,
        Queued runs,
        Statuses statuses,
        Disk disk,
        Store store,
        Machines machines) {

    /// What has not ended.
    ///
    /// @param oldest how long the oldest one has waited; zero where none waits
    public record Queued(long waiting, long worked, Duration oldest) {}

    /// Commit statuses that have not arrived.
    ///
    /// @param waiting to be sent, on their way or in doubt
    /// @param paused those that wait because the forge refuses the token or the repository
    /// @param givenUp those that will never arrive, of the last day
    public record Statuses(long waiting, long paused, long givenUp) {}

    /// Bytes.
    public record Disk(long free, long size) {}

    /// What starts virtual machines.
    ///
    /// @param ready clones that wait
    /// @param problems what went wrong with templates and ready clones since the start
    public record Machines(long ready, long problems) {}

    /// Reads and writes.
    public record Store(long reads, long writes) {}
}
