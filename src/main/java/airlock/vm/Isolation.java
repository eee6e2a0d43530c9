package airlock.vm;

import airlock.sandbox.Confinement;

/// The barriers between a VM and the host; stored with each run.
public record Isolation(Accelerator accelerator, Confinement confinement) {
    /// As one line.
    public String describe() {
        return switch (accelerator) {
                    case KVM -> "kvm";
                    case TCG -> "tcg (emulation, no boundary of its own)";
                }
                + "; "
                + confinement.describe();
    }
}
