package airlock.vm;

import java.util.Arrays;
import java.util.Optional;

/// The drives of a VM after its system disk `vda`, in the guest's order, which is Ambient's.
public enum Drive {
    /// The steps for the guest program; read-only.
    PLAN("vdb"),
    /// Read-only.
    SOURCE("vdc"),
    ARTIFACTS("vdd"),
    CACHE("vde"),
    DEPENDENCIES("vdf"),
    /// The secrets; read-only, always there, often empty, never on a disk of the host.
    SECRETS("vdg"),
    /// An empty file system that is thrown away with the VM, mounted at `/ci`.
    SCRATCH("vdh");

    private final String node;

    Drive(String node) {
        this.node = node;
    }

    /// The name without directory, such as `vdc`; also of QEMU's block node.
    public String node() {
        return node;
    }

    /// The device in the guest, such as `/dev/vdc`.
    public String device() {
        return "/dev/" + node;
    }

    public String directory() {
        return switch (this) {
            case SOURCE -> "/ci/src";
            case ARTIFACTS -> "/ci/artifacts";
            case CACHE -> "/ci/cache";
            case DEPENDENCIES -> "/ci/deps";
            case SECRETS -> "/ci/secrets";
            case PLAN, SCRATCH -> throw new IllegalStateException(node + " carries no archive");
        };
    }

    public static Optional<Drive> ofDevice(String device) {
        return Arrays.stream(values()).filter(drive -> drive.device().equals(device)).findFirst();
    }
}
