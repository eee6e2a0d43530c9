package airlock.vm;

import java.time.Duration;
import java.util.Map;

/// An event of a running VM, from its log port, its monitor, its process or its users.
sealed interface VmSignal {
    /// The listener has taken a record, and the gate is open if that is [GuestRecord.Ready]. A step
    /// that starts is signalled before the listener gets it; output and a step's end never are.
    record Heard(GuestRecord record) implements VmSignal {}

    /// The guest sent an invalid record, or the port could not be read.
    record BadLog(String reason) implements VmSignal {}

    record LogClosed() implements VmSignal {}

    /// The VM ends like this, whatever else is signalled.
    record Ended(VmEnd end) implements VmSignal {}

    /// An event of QEMU's monitor.
    record QemuTold(String event, Map<String, String> data) implements VmSignal {}

    /// QEMU has stopped the guest, with this status.
    record Stopped(String status) implements VmSignal {}

    /// QEMU's process has ended.
    record Exited(int code, String errors) implements VmSignal {}

    /// See [Vm#keep].
    record KeepAsked(Duration most) implements VmSignal {}

    /// See [Vm#pause] and [Vm#resume].
    record PauseAsked(boolean still) implements VmSignal {}

    /// See [Vm#cancel].
    record CancelAsked(String reason) implements VmSignal {}

    /// The time limit of the stage has passed.
    record Late() implements VmSignal {}
}
