package airlock.vm;

import airlock.sandbox.Launcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;

/// Virtual machines in QEMU, clones of templates where there are some.
public final class QemuVmHost implements VmHost {
    private final QemuSetting setting;
    private final ReadyClones ready;

    /// @param setting what all its VMs have in common
    public QemuVmHost(QemuSetting setting) {
        this(setting, ReadyClones.none());
    }

    /// @param setting what all its VMs have in common
    /// @param ready clones with the same setting; they stay the caller's
    public QemuVmHost(QemuSetting setting, ReadyClones ready) {
        this.setting = setting;
        this.ready = ready;
    }

    /// What all VMs of a host have in common.
    ///
    /// @param directory where each VM gets a directory while it lives; on a disk with room
    /// @param memory the same on tmpfs, for secrets and sockets: `/dev/shm` or below
    ///     `$XDG_RUNTIME_DIR`; at most 60 bytes long
    /// @param accelerator what runs the guest's instructions
    /// @param cage the walls
    /// @param launcher starts the processes
    /// @param clock what the guests' clocks are set to
    /// @param templates what its VMs are clones of
    public record QemuSetting(
            Path directory,
            Path memory,
            Accelerator accelerator,
            Cage cage,
            Launcher launcher,
            InstantSource clock,
            Templates templates) {
        public QemuSetting {
            directory = directory.toAbsolutePath();
            memory = memory.toAbsolutePath();
        }
    }

    /// Makes the template for such VMs where it is missing, so that no run has to wait for it.
    public void prepare(BootFiles boot, VmShape shape) throws IOException, InterruptedException {
        try {
            setting.templates().ask(setting, boot, shape).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public Vm start(VmSpec spec, VmListener listener) {
        var vm = new QemuVm(setting, ready, spec, listener);
        Thread.ofVirtual().name("vm-" + spec.name()).start(vm);
        return vm;
    }
}
