package airlock.vm;

import airlock.sandbox.Launcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/// Virtual machines in QEMU, if possible as clones of templates.
///
/// @param ready clones with the same setting; the caller ends them
public record QemuVmHost(QemuSetting setting, ReadyClones ready) implements VmHost {
    public QemuVmHost(QemuSetting setting) {
        this(setting, ReadyClones.none(setting));
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
            QemuSandbox cage,
            Launcher launcher,
            InstantSource clock,
            Templates templates) {
        public QemuSetting {
            directory = directory.toAbsolutePath();
            memory = memory.toAbsolutePath();
        }

        VmFiles files(String vm) {
            return new VmFiles(directory.resolve(vm), memory.resolve(vm));
        }
    }

    /// Makes the template for such VMs if it is missing, so that no run has to wait for it.
    public void prepare(VmModel model) throws IOException, InterruptedException {
        try {
            setting.templates().ask(setting, model).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public Vm start(VmSpec spec, Consumer<GuestRecord> listener) {
        var vm = new VmLifecycle(setting, ready, spec, listener);
        Thread.ofVirtual().name("vm-" + spec.name()).start(vm);
        return vm;
    }
}
