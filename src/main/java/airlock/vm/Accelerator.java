package airlock.vm;

/// Runs the guest's instructions.
public enum Accelerator {
    /// The host's CPU.
    KVM,
    /// QEMU's emulation, which is not a security boundary, as QEMU itself says.
    TCG
}
