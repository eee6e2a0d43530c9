package airlock.vm;

/// Starts virtual machines.
///
/// - Threads: may be used by any number of threads.
/// - Ownership: see [Vm].
/// - Failures: a VM that cannot be started is a [Vm] whose end is [VmEnd.HostFailed], or
/// [VmEnd.OverLimit] where what was asked for does not fit; nothing is thrown.
/// - Limits: how many VMs run at once is the caller's to decide.
public interface VmHost {
    /// Starts a VM and gives it while it boots.
    Vm start(VmSpec spec, VmListener listener);
}
