package airlock.vm;

import java.util.Map;

/// What the guest program tells over the log port, in the order of arrival
/// (docs/guest-protocol.md). Nothing in it is to be believed beyond "this guest says so": root in
/// the guest can write to the port.
public sealed interface GuestRecord {
    /// The gate waits for the host's line.
    ///
    /// @param version the protocol's version
    record Ready(int version) implements GuestRecord {
        /// The version that this host speaks.
        static final int VERSION = 1;
    }

    /// A step begins.
    ///
    /// @param step its index in the list, from 0
    /// @param microseconds since the gate got its line, by the guest's monotonic clock (so in all
    ///     records)
    record StepStarted(int step, long microseconds) implements GuestRecord {}

    /// A piece of a step's output.
    ///
    /// @param stream 1 for stdout, 2 for stderr, 3 for what bash shows of its commands (`set -x`)
    record Output(int step, int stream, byte[] bytes, long microseconds) implements GuestRecord {
        /// The stream of bash's trace.
        public static final int TRACE = 3;
    }

    /// A step has ended.
    ///
    /// @param usage what it took
    record StepEnded(int step, StepEnd end, Usage usage, long microseconds)
            implements GuestRecord {}

    /// All steps are through and the outputs are on their drives; the host may end the VM.
    ///
    /// @param packed bytes of the archive on each drive that was packed, by device
    record Finished(boolean passed, Map<String, Long> packed, long microseconds)
            implements GuestRecord {
        public Finished {
            packed = Map.copyOf(packed);
        }
    }

    /// The plan could not be read; nothing follows.
    ///
    /// @param detail why, in the guest's words
    record Broke(String detail, long microseconds) implements GuestRecord {}

    /// How a step ended.
    sealed interface StepEnd {
        /// A program exited, or a built-in step succeeded (0).
        record Exited(int code) implements StepEnd {}

        /// A program was killed by a signal.
        record Signalled(int signal) implements StepEnd {}

        /// The step failed, and the guest's kernel killed a process for want of memory during it.
        record OutOfMemory() implements StepEnd {}

        /// The step failed, and the guest's kernel refused it a further process during it.
        record TooManyProcesses() implements StepEnd {}

        /// A program took longer than its step may.
        record TimedOut() implements StepEnd {}

        /// The guest's disk was full when the step failed.
        record DiskFull(String detail) implements StepEnd {}

        /// A step failed that is no program, or a program could not be started (also one that does
        /// not exist, which a shell would tell as code 127).
        record Refused(String detail) implements StepEnd {}
    }

    /// Resources of one step.
    ///
    /// @param userMicroseconds CPU time in user mode
    /// @param systemMicroseconds CPU time in the kernel
    /// @param peakKilobytes largest resident set of one process, KiB
    record Usage(long userMicroseconds, long systemMicroseconds, long peakKilobytes) {}
}
