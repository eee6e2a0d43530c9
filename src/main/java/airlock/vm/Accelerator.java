package airlock.vm;

/// What runs the guest's instructions.
public enum Accelerator {
    /// The host's CPU.
    KVM,
    /// QEMU's emulation, which QEMU itself calls no security boundary.
    TCG
}
