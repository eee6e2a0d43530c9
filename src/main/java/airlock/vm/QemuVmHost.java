package airlock.vm;

import airlock.sandbox.Launcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;

/// Virtual machines in QEMU, if possible as clones of templates.
public final class QemuVmHost implements VmHost {
    private final QemuSetting setting;
    private final ReadyClones ready;

    public QemuVmHost(QemuSetting setting) {
        this(setting, ReadyClones.none());
    }

    /// A host with ready clones.
    ///
    /// @param ready clones with the same setting; the caller ends them
    public QemuVmHost(QemuSetting setting, ReadyClones ready) {
        this.setting = setting;
        this.ready = ready;
    }

    /// The settings that all VMs of a host share.
    ///
    /// @param directory gets a directory for each VM while it lives; on a disk
    /// @param memory the same on tmpfs, for secrets and sockets: `/dev/shm` or below
    ///     `$XDG_RUNTIME_DIR`; at most 60 bytes long
    /// @param clock sets the guests' clocks
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

        /// The files of a VM.
        VmFiles files(String vm) {
            return new VmFiles(directory.resolve(vm), memory.resolve(vm));
        }
    }

    /// Makes the template for such VMs if it is missing, so that no run has to wait for it.
    public void prepare(BootFiles boot, VmShape shape) throws IOException, InterruptedException {
        try {
            setting.templates().ask(setting, boot, shape).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public Vm start(VmSpec spec, VmListener listener) {
        var vm = new VmLifecycle(setting, ready, spec, listener);
        Thread.ofVirtual().name("vm-" + spec.name()).start(vm);
        return vm;
    }
}
