package airlock.vm;

import java.util.Arrays;
import java.util.Optional;

/// The drives of a VM behind its system disk `vda`, in the order in which the guest sees them. The
/// order is Ambient's.
public enum Drive {
    /// The plan: the steps that the guest program runs; read-only.
    PLAN("vdb"),
    /// The source; read-only.
    SOURCE("vdc"),
    /// The artifacts.
    ARTIFACTS("vdd"),
    /// The cache.
    CACHE("vde"),
    /// The dependencies.
    DEPENDENCIES("vdf"),
    /// The secrets; read-only, always there, often empty, never on a disk of the host.
    SECRETS("vdg"),
    /// An empty file system that is thrown away with the VM, mounted at `/ci`.
    SCRATCH("vdh");

    private final String node;

    Drive(String node) {
        this.node = node;
    }

    /// The name without directory, `vdc` say; it is the name of QEMU's block node too.
    public String node() {
        return node;
    }

    /// The device in the guest, `/dev/vdc` say.
    public String device() {
        return "/dev/" + node;
    }

    /// The drive of a device's name in the guest; empty for a name that is no drive's.
    public static Optional<Drive> ofDevice(String device) {
        return Arrays.stream(values()).filter(drive -> drive.device().equals(device)).findFirst();
    }
}
