package airlock.vm;

/// What runs the guest's instructions.
public enum Accelerator {
    /// The host's CPU.
    KVM,
    /// QEMU's emulation. By QEMU's own words no security boundary.
    TCG
}
