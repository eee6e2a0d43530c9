package airlock.vm;

public enum Accelerator {
    KVM,
    /// QEMU's emulation, which is not a security boundary, as QEMU itself says.
    TCG
}
