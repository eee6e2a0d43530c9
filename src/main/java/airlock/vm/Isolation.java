package airlock.vm;

import airlock.sandbox.Confinement;

/// What stood between a VM and the host; kept with each run.
///
/// @param accelerator what ran its instructions
/// @param confinement the walls around QEMU
public record Isolation(Accelerator accelerator, Confinement confinement) {
    /// One line for people and for the record.
    public String describe() {
        return switch (accelerator) {
                    case KVM -> "kvm";
                    case TCG -> "tcg (emulation, no boundary of its own)";
                }
                + "; "
                + confinement.describe();
    }
}
