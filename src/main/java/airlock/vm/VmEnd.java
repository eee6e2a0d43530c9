package airlock.vm;

import java.time.Duration;
import java.util.Map;

/// How a virtual machine ended, as the host saw it.
public sealed interface VmEnd {
    /// The guest sent its final record and the host ended the VM.
    ///
    /// @param passed whether all steps succeeded
    /// @param packed bytes of the archive on each drive that was packed, checked against the slots
    record Finished(boolean passed, Map<Drive, Long> packed) implements VmEnd {
        public Finished {
            packed = Map.copyOf(packed);
        }
    }

    /// The time limit passed and the host ended the VM.
    record TimedOut(Duration limit) implements VmEnd {}

    /// Somebody asked for the end.
    record Cancelled(String reason) implements VmEnd {}

    /// A limit was passed that only the guest, or who asked for the VM, can keep: too much log, an
    /// input that does not fit its slot, steps that are too large.
    record OverLimit(Limited what, String detail) implements VmEnd {}

    /// What there was too much of.
    enum Limited {
        STEPS,
        INPUT,
        LOG,
        CPU_TIME
    }

    /// The guest is gone without a final record, while QEMU was healthy: panic, reset, power-off,
    /// bad records.
    record GuestDied(String detail) implements VmEnd {}

    /// QEMU could not be started, died, or stopped by itself (internal error, host I/O error).
    record HostFailed(String detail) implements VmEnd {}
}
