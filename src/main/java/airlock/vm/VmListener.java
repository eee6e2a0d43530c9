package airlock.vm;

/// Gets a guest's records while its VM runs, in order, on one thread of the VM. A slow listener
/// slows the guest down; one that throws ends the VM as the host's failure.
@FunctionalInterface
public interface VmListener {
    void record(GuestRecord record);
}
