package airlock.vm;

/// Hears what a guest says while its VM runs. Called by one thread of the VM, in order; a listener
/// that takes its time slows the guest down. One that throws ends the VM as the host's failure.
@FunctionalInterface
public interface VmListener {
    /// A record came. It only proves that this guest says so.
    void record(GuestRecord record);
}
