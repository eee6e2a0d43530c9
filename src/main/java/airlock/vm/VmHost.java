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
}
