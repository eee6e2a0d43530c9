package airlock.vm;

import java.time.Duration;
import java.util.Map;

/// How a virtual machine ended, as seen by the host.
public sealed interface VmEnd {
    /// The guest sent its final record and the host ended the VM.
    ///
    /// @param passed whether all steps succeeded
    /// @param packed bytes of the archive on each packed drive, checked against the slots
    record Finished(boolean passed, Map<Drive, Long> packed) implements VmEnd {
        public Finished {
            packed = Map.copyOf(packed);
        }
    }

    record TimedOut(Duration limit) implements VmEnd {}

    record Cancelled(String reason) implements VmEnd {}

    /// The guest or its plan exceeded a limit: too much log, an input that does not fit its slot,
    /// steps that are too large.
    record OverLimit(Limited what, String detail) implements VmEnd {}

    enum Limited {
        STEPS,
        INPUT,
        LOG,
        CPU_TIME
    }

    /// The guest ended without a final record while QEMU was healthy: panic, reset, power-off, bad
    /// records.
    record GuestDied(String detail) implements VmEnd {}

    /// QEMU could not be started, died, or stopped by itself (internal error, host I/O error).
    record HostFailed(String detail) implements VmEnd {}
}
