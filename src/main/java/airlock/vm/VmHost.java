package airlock.vm;

import java.util.function.Consumer;

/// Starts virtual machines.
///
/// - Threads: any number.
/// - Ownership: see [Vm].
/// - Failures: nothing is thrown; a VM that cannot be started ends as [VmEnd.HostFailed], or as
/// [VmEnd.OverLimit] if its spec does not fit.
/// - Limits: the caller decides how many VMs run at the same time.
public interface VmHost {
    /// Starts a VM and returns while it boots.
    ///
    /// @param listener gets the guest's records while the VM runs, in order, on one thread of the
    ///     VM. A slow one slows the guest down; one that throws ends the VM as the host's failure
    Vm start(VmSpec spec, Consumer<GuestRecord> listener);
}
