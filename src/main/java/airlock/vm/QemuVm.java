package airlock.vm;

import airlock.base.Trees;
import airlock.vm.QemuVmHost.QemuSetting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// One VM in QEMU, on a thread of its own.
final class QemuVm implements Vm, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(QemuVm.class);

    private final QemuSetting setting;
    private final ReadyClones ready;
    private final VmSpec spec;
    private final VmListener listener;
    private final VmFiles files;
    private final BlockingQueue<VmSignal> signals = new LinkedBlockingQueue<>();
    private final Marks marks = new Marks();
    private final CompletableFuture<VmEnd> end = new CompletableFuture<>();

    /// What the lines of the thread that wants the VM carry, so that those of its own do too.
    private final Map<String, String> context =
            Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());

    QemuVm(QemuSetting setting, ReadyClones ready, VmSpec spec, VmListener listener) {
        this.setting = setting;
        this.ready = ready;
        this.spec = spec;
        this.listener = listener;
        this.files =
                new VmFiles(
                        setting.directory().resolve(spec.name()),
                        setting.memory().resolve(spec.name()));
    }

    @Override
    public void run() {
        MDC.setContextMap(context);
        try {
            end.complete(
                    new QemuRun(setting, ready, spec, files, listener, signals, marks).toTheEnd());
        } catch (InterruptedException _) {
            end.complete(new VmEnd.HostFailed("the VM's thread was interrupted"));
        } catch (RuntimeException e) {
            LOG.error("VM {} met a fault of Airlock's own", spec.name(), e);
            end.complete(new VmEnd.HostFailed("a fault of Airlock's own: " + e));
        }
    }

    @Override
    public Isolation isolation() {
        return new Isolation(setting.accelerator(), setting.cage().confinement());
    }

    @Override
    public VmEnd await() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public VmTimes times() {
        return marks.times();
    }

    @Override
    public void keep(Duration most) {
        signals.add(new VmSignal.KeepAsked(most));
    }

    @Override
    public void pause() {
        signals.add(new VmSignal.PauseAsked(true));
    }

    @Override
    public void resume() {
        signals.add(new VmSignal.PauseAsked(false));
    }

    @Override
    public void cancel(String reason) {
        signals.add(new VmSignal.CancelAsked(reason));
    }

    @Override
    public Archive take(Drive drive, Path target) {
        if (end.getNow(new VmEnd.Cancelled("runs")) instanceof VmEnd.Finished finished) {
            Long length = finished.packed().get(drive);
            if (length != null) {
                return Drives.take(files.drive(drive), length, target);
            }
        }
        throw new IllegalStateException(
                "VM %s packed nothing onto %s".formatted(spec.name(), drive.node()));
    }

    @Override
    public void takeSystem(Path target) {
        boolean booted = marks.times().beginning() == VmTimes.Beginning.BOOT;
        if (!booted || !(end.getNow(new VmEnd.Cancelled("runs")) instanceof VmEnd.Finished)) {
            throw new IllegalStateException(
                    "VM %s has no system disk of its own to keep".formatted(spec.name()));
        }
        try {
            files.takeSystem(target);
        } catch (IOException e) {
            throw new VmException("cannot take the system disk of " + spec.name() + ": " + e, e);
        }
    }

    @Override
    public void close() {
        cancel("closed");
        end.join();
        try {
            Trees.remove(files.memory());
            Trees.remove(files.directory());
        } catch (IOException e) {
            // found again and removed when the server starts
            LOG.warn("cannot remove what is left of VM {}: {}", spec.name(), e.toString());
        }
    }
}
