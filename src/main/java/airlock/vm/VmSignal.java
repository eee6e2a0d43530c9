package airlock.vm;

import java.time.Duration;
import java.util.Map;

/// What the host hears of a running VM, from the log port, from QMP, from the process and from
/// outside.
sealed interface VmSignal {
    /// The gate was ready and got its line.
    record GateOpened() implements VmSignal {}

    /// The guest began a step, so from now on the code under test may speak for it.
    record StepBegan() implements VmSignal {}

    /// The guest sent its last record.
    record Finished(GuestRecord.Finished record) implements VmSignal {}

    /// The guest could not begin.
    record Broke(String detail) implements VmSignal {}

    /// The guest sent what its program never sends, or the port could not be read.
    record BadLog(String reason) implements VmSignal {}

    /// Nothing more comes from the log port.
    record LogClosed() implements VmSignal {}

    /// The guest sent more than it may.
    record Flooded(long limit) implements VmSignal {}

    /// QEMU took more CPU time than it may.
    record CpuTimeSpent(Duration limit) implements VmSignal {}

    /// The listener threw.
    record ListenerFailed(String detail) implements VmSignal {}

    /// QEMU told an event.
    record QemuTold(String event, Map<String, String> data) implements VmSignal {}

    /// QEMU stands still, and says that it is in this state.
    record Stopped(String status) implements VmSignal {}

    /// QEMU's process is gone.
    record Exited(int code, String errors) implements VmSignal {}

    /// Its work is done and somebody wants it to stay, for at most so long.
    record KeepAsked(Duration most) implements VmSignal {}

    /// Somebody who keeps it wants its guest to stand still, or to go on.
    record PauseAsked(boolean still) implements VmSignal {}

    /// Somebody wants the end.
    record CancelAsked(String reason) implements VmSignal {}

    /// The limit of the stage has passed.
    record Late() implements VmSignal {}
}
