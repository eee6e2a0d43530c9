package airlock.vm;

/// Starts virtual machines.
///
/// - Threads: any number.
/// - Ownership: see [Vm].
/// - Failures: nothing is thrown; a VM that cannot be started ends as [VmEnd.HostFailed], or as
/// [VmEnd.OverLimit] if its spec does not fit.
/// - Limits: the caller decides how many VMs run at the same time.
public interface VmHost {
    /// Starts a VM and returns while it boots.
    Vm start(VmSpec spec, VmListener listener);

    /// Gets a guest's records while its VM runs, in order, on one thread of the VM. A slow listener
    /// slows the guest down; one that throws ends the VM as the host's failure.
    @FunctionalInterface
    interface VmListener {
        void record(GuestRecord record);
    }
}
