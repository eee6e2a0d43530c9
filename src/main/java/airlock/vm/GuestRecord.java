package airlock.vm;

import java.util.Map;

/// A record that the guest program sends over the log port (docs/guest-protocol.md). It is not to
/// be trusted: root in the guest can write to the port.
public sealed interface GuestRecord {
    /// The guest waits at its gate for the host's line.
    ///
    /// @param version of the protocol
    record Ready(int version) implements GuestRecord {
        static final int VERSION = 1;
    }

    /// A step begins.
    ///
    /// @param step its index in the list, from 0
    /// @param microseconds since the gate opened, by the guest's monotonic clock; in all records
    record StepStarted(int step, long microseconds) implements GuestRecord {}

    /// A piece of a step's output.
    ///
    /// @param stream 1 for stdout, 2 for stderr, 3 for bash's trace of its commands (`set -x`)
    record Output(int step, int stream, byte[] bytes, long microseconds) implements GuestRecord {
        public static final int TRACE = 3;
    }

    record StepEnded(int step, StepEnd end, Usage usage, long microseconds)
            implements GuestRecord {}

    /// All steps have ended and the outputs are on their drives; the host may end the VM.
    ///
    /// @param packed bytes of the archive on each packed drive, by device
    record Finished(boolean passed, Map<String, Long> packed, long microseconds)
            implements GuestRecord {
        public Finished {
            packed = Map.copyOf(packed);
        }
    }

    /// The plan could not be read; nothing follows.
    record Broke(String detail, long microseconds) implements GuestRecord {}

    sealed interface StepEnd {
        /// A program exited, or a built-in step succeeded (0).
        record Exited(int code) implements StepEnd {}

        record Signalled(int signal) implements StepEnd {}

        /// The step failed, and meanwhile the guest's kernel ran out of memory and killed a
        /// process.
        record OutOfMemory() implements StepEnd {}

        /// The step failed, and meanwhile the guest's kernel refused it another process.
        record TooManyProcesses() implements StepEnd {}

        /// A program exceeded the time limit of its step.
        record TimedOut() implements StepEnd {}

        /// The step failed, and the guest's disk was full.
        record DiskFull(String detail) implements StepEnd {}

        /// A built-in step failed, or a program could not be started.
        record Refused(String detail) implements StepEnd {}
    }

    /// Resources that one step used.
    ///
    /// @param userMicroseconds CPU time in user mode
    /// @param systemMicroseconds CPU time in the kernel
    /// @param peakKilobytes largest resident set of one process, KiB
    record Usage(long userMicroseconds, long systemMicroseconds, long peakKilobytes) {}
}
