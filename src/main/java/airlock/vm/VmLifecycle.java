package airlock.vm;

import airlock.vm.EndState.EndWaiter;
import airlock.vm.EndState.VmSignal;
import airlock.vm.QemuMonitor.QemuFailure;
import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.ReadyClones.ReadyClone;
import airlock.vm.Vm.VmTimes;
import airlock.vm.Vm.VmTimes.Beginning;
import airlock.vm.Vm.VmTimes.Part;
import airlock.vm.VmFiles.Origin;
import airlock.vm.VmFiles.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// One VM in QEMU, from its files to its end, on a thread of its own. It begins as a ready clone if
/// there is one, else as a new clone of its template, else by booting.
final class VmLifecycle implements Vm, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(VmLifecycle.class);

    /// How often a VM that waits for its template looks for a cancellation, in milliseconds.
    private static final int LOOK = 50;

    private final QemuSetting setting;
    private final ReadyClones ready;
    private final VmSpec spec;
    private final Consumer<GuestRecord> listener;
    private final VmFiles files;
    private final BlockingQueue<VmSignal> signals = new LinkedBlockingQueue<>();
    private final VmTimes.Stopwatch times = new VmTimes.Stopwatch();
    private final CompletableFuture<VmEnd> end = new CompletableFuture<>();

    /// The log context of the thread that starts the VM, for the VM's own thread.
    private final Map<String, String> context =
            Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());

    VmLifecycle(
            QemuSetting setting, ReadyClones ready, VmSpec spec, Consumer<GuestRecord> listener) {
        this.setting = setting;
        this.ready = ready;
        this.spec = spec;
        this.listener = listener;
        this.files = setting.files(spec.name());
    }

    @Override
    public void run() {
        MDC.setContextMap(context);
        try {
            end.complete(runToEnd());
        } catch (IOException e) {
            end.complete(
                    new VmEnd.HostFailed(
                            "the host could not give VM %s what it needs: %s"
                                    .formatted(spec.name(), e)));
        } catch (InterruptedException _) {
            end.complete(new VmEnd.HostFailed("the VM's thread was interrupted"));
        } catch (RuntimeException e) {
            LOG.error("VM {} met a fault of Airlock's own", spec.name(), e);
            end.complete(new VmEnd.HostFailed("a fault of Airlock's own: " + e));
        }
    }

    /// When this returns, no process of the VM is left.
    private VmEnd runToEnd() throws IOException, InterruptedException {
        var refused = Drives.refuse(spec);
        if (refused.isPresent()) {
            return refused.orElseThrow();
        }
        VmEnd ended = begin();
        LOG.info("VM {}: {}; {}", spec.name(), ended, times);
        return ended;
    }

    private VmEnd begin() throws IOException, InterruptedException {
        var asked = setting.templates().ask(setting, spec.model());
        while (!asked.isDone()) {
            if (signals.poll(LOOK, TimeUnit.MILLISECONDS)
                    instanceof VmSignal.CancelAsked(var reason)) {
                return new VmEnd.Cancelled(reason);
            }
        }
        var template = asked.join();
        times.mark(Part.TEMPLATE);
        if (template.isPresent()) {
            try {
                var ended = cloned(template.orElseThrow());
                setting.templates().ended(template.orElseThrow(), ended);
                return ended;
            } catch (QemuFailure e) {
                setting.templates().discard(template.orElseThrow(), e.why());
                forget();
            }
        }
        return attempt(new Origin.Cold());
    }

    /// @throws QemuFailure if the clone failed before it got its line; another attempt may follow
    private VmEnd cloned(Template template) throws IOException, InterruptedException {
        var waiting = ready.take(template, spec);
        if (waiting.isPresent()) {
            try {
                return attempt(waiting.orElseThrow());
            } catch (QemuFailure e) {
                LOG.warn("VM {} gets a new clone, its ready one failed: {}", spec.name(), e.why());
                forget();
            }
        }
        return attempt(new Origin.Clone(template));
    }

    /// Removes the files of an unfit attempt.
    private void forget() throws IOException {
        files.remove();
        signals.removeIf(signal -> !(signal instanceof VmSignal.CancelAsked));
    }

    private VmEnd attempt(ReadyClone clone) throws IOException, InterruptedException {
        times.begins(Beginning.READY);
        var qemu = clone.become(spec, files);
        times.mark(Part.DRIVES);
        try {
            qemu.tell(signals::add);
            return run(qemu);
        } finally {
            qemu.end();
            times.mark(Part.END);
        }
    }

    private VmEnd attempt(Origin origin) throws IOException, InterruptedException {
        times.begins(origin instanceof Origin.Clone ? Beginning.CLONE : Beginning.BOOT);
        try {
            Drives.make(spec, files, origin);
        } catch (NoSuchFileException e) {
            if (origin instanceof Origin.Clone(var template) && !template.isThere()) {
                throw new QemuFailure("a file of it is gone: " + e.getMessage());
            }
            throw e;
        }
        times.mark(Part.DRIVES);
        var qemu = new QemuInstance(setting, spec, files, origin);
        try {
            qemu.tell(signals::add);
            qemu.load(times);
            return run(qemu);
        } catch (QemuFailure e) {
            if (origin instanceof Origin.Clone) {
                throw e;
            }
            return qemu.explained(endOfSilent(e.why()));
        } finally {
            qemu.end();
            times.mark(Part.END);
        }
    }

    /// The end of a QEMU that doesn't answer, which its stderr explains best.
    private VmEnd endOfSilent(String otherwise) throws InterruptedException {
        var state = new EndState(spec);
        state.hear(new VmSignal.LogClosed());
        long until = System.nanoTime() + EndState.GRACE.toNanos();
        while (true) {
            var signal = signals.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (signal == null) {
                return new VmEnd.HostFailed(otherwise);
            }
            var decided = state.hear(signal);
            if (decided.isPresent()) {
                return decided.orElseThrow();
            }
        }
    }

    private VmEnd run(QemuInstance qemu) throws QemuFailure, InterruptedException {
        var console =
                new ConsolePump(
                        qemu.channel(Port.CONSOLE), spec.console(), spec.limits().consoleBytes());
        var consoleThread = Thread.ofVirtual().name("vm-console").start(console);
        spec.uplink().ifPresent(qemu::serve);
        qemu.monitor().run();
        var log =
                new LogPump(qemu.channel(Port.LOG), spec, listener, () -> gate(qemu), signals::add);
        Thread.ofVirtual().name("vm-log").start(() -> log.run(qemu.isClone()));
        VmEnd ended = new EndWaiter(spec, new EndState(spec), signals, qemu, console).await();
        if (ended instanceof VmEnd.GuestDied || ended instanceof VmEnd.HostFailed) {
            consoleThread.join(EndState.GRACE);
        }
        ended = qemu.explained(console.explained(ended));
        times.mark(Part.WORK);
        qemu.quit();
        return ended;
    }

    private HostLine gate(QemuInstance qemu) throws IOException {
        times.mark(Part.BOOT);
        var content = spec.contents().get(Drive.SECRETS);
        if (content != null) {
            qemu.fillSecrets(content);
        }
        return HostLine.fresh(HostLine.Word.RUN, setting.clock().instant());
    }

    @Override
    public Isolation isolation() {
        return new Isolation(setting.accelerator(), setting.cage().confinement());
    }

    @Override
    public CompletableFuture<VmEnd> end() {
        return end;
    }

    @Override
    public VmTimes times() {
        return times.times();
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
        boolean booted = times().beginning() == Beginning.BOOT;
        if (!booted || !(end.getNow(new VmEnd.Cancelled("runs")) instanceof VmEnd.Finished)) {
            throw new IllegalStateException(
                    "VM %s has no system disk of its own to keep".formatted(spec.name()));
        }
        try {
            Files.move(files.overlay(), target);
        } catch (IOException e) {
            throw new VmException("cannot take the system disk of " + spec.name() + ": " + e, e);
        }
    }

    @Override
    public void close() {
        cancel("closed");
        end.join();
        files.tryToRemove();
    }
}
