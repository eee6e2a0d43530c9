package airlock.vm;

import airlock.base.Trees;
import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.VmFiles.Port;
import airlock.vm.VmTimes.Beginning;
import airlock.vm.VmTimes.Part;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of one VM from its files to its end: as a clone that waits where there is one, as a new
/// clone of a template where there is one, else from its boot on.
final class QemuRun {
    private static final Logger LOG = LoggerFactory.getLogger(QemuRun.class);

    /// How often it is looked whether a template is made, in milliseconds.
    private static final int LOOK = 50;

    private final QemuSetting setting;
    private final VmSpec spec;
    private final VmFiles files;
    private final VmListener listener;
    private final BlockingQueue<VmSignal> signals;
    private final ReadyClones ready;
    private final Marks marks;

    QemuRun(
            QemuSetting setting,
            ReadyClones ready,
            VmSpec spec,
            VmFiles files,
            VmListener listener,
            BlockingQueue<VmSignal> signals,
            Marks marks) {
        this.setting = setting;
        this.spec = spec;
        this.files = files;
        this.listener = listener;
        this.signals = signals;
        this.ready = ready;
        this.marks = marks;
    }

    /// What came of one try.
    private sealed interface Attempt {
        record Ended(VmEnd end) implements Attempt {}

        /// The clone was no good, and nobody but us has noticed: it never got its line.
        record Unfit(String why) implements Attempt {}
    }

    /// Runs it; when this returns, no process of it is left.
    VmEnd toTheEnd() throws InterruptedException {
        try {
            var refused = VmDrives.refuse(spec);
            if (refused.isPresent()) {
                return refused.orElseThrow();
            }
            VmEnd end = begin();
            LOG.info("VM {}: {}; {}", spec.name(), end, marks);
            return end;
        } catch (IOException e) {
            return new VmEnd.HostFailed(
                    "the host could not give VM %s what it needs: %s".formatted(spec.name(), e));
        }
    }

    private VmEnd begin() throws IOException, InterruptedException {
        var asked = setting.templates().ask(setting, spec.boot(), spec.shape());
        while (!asked.isDone()) {
            if (signals.poll(LOOK, TimeUnit.MILLISECONDS)
                    instanceof VmSignal.CancelAsked(var reason)) {
                return new VmEnd.Cancelled(reason);
            }
        }
        var template = asked.join();
        marks.mark(Part.TEMPLATE);
        var end = template.isEmpty() ? Optional.<VmEnd>empty() : cloned(template.orElseThrow());
        if (end.isPresent()) {
            return end.orElseThrow();
        }
        return switch (attempt(new Origin.Cold())) {
            case Attempt.Ended(var ended) -> ended;
            case Attempt.Unfit(var why) -> new VmEnd.HostFailed(why);
        };
    }

    /// As a clone, one that is ready where there is one; empty where the template is no good.
    private Optional<VmEnd> cloned(Template template) throws IOException, InterruptedException {
        var waits = ready.take(template, spec);
        if (waits.isPresent()) {
            switch (attempt(waits.orElseThrow())) {
                case Attempt.Ended(var end) -> {
                    setting.templates().ended(template, end);
                    return Optional.of(end);
                }
                case Attempt.Unfit(var why) -> {
                    LOG.warn("VM {} is cloned anew, the one that was ready: {}", spec.name(), why);
                    forget();
                }
            }
        }
        return switch (attempt(new Origin.Clone(template))) {
            case Attempt.Ended(var end) -> {
                setting.templates().ended(template, end);
                yield Optional.of(end);
            }
            case Attempt.Unfit(var why) -> {
                setting.templates().discard(template, why);
                forget();
                yield Optional.empty();
            }
        };
    }

    /// What is left of an attempt of which nobody has noticed anything.
    private void forget() throws IOException {
        Trees.remove(files.memory());
        Trees.remove(files.directory());
        signals.removeIf(signal -> !(signal instanceof VmSignal.CancelAsked));
    }

    private Attempt attempt(ReadyClone clone) throws IOException, InterruptedException {
        marks.begins(Beginning.READY);
        var vm = clone.become(spec, files, signals);
        marks.mark(Part.DRIVES);
        try {
            return run(vm);
        } finally {
            vm.end();
            marks.mark(Part.END);
        }
    }

    private Attempt attempt(Origin origin) throws IOException, InterruptedException {
        marks.begins(origin instanceof Origin.Clone ? Beginning.CLONE : Beginning.BOOT);
        var parts = new QemuParts(setting, spec, files, origin, setting.cage().newUser());
        try {
            parts.make();
        } catch (NoSuchFileException e) {
            if (origin instanceof Origin.Clone(var template) && !template.isThere()) {
                return new Attempt.Unfit("a file of it is gone: " + e.getMessage());
            }
            throw e;
        }
        marks.mark(Part.DRIVES);
        var vm = PausedVm.start(parts, signals::add);
        try {
            var problem = vm.load(marks);
            return problem.isPresent() ? unfit(vm, problem.orElseThrow()) : run(vm);
        } finally {
            vm.end();
            marks.mark(Part.END);
        }
    }

    private Attempt unfit(PausedVm vm, String why) throws InterruptedException {
        return switch (vm.origin()) {
            case Origin.Clone _ -> new Attempt.Unfit(why);
            case Origin.Cold _, Origin.Making _ ->
                    new Attempt.Ended(vm.qemu().explained(gone(why)));
        };
    }

    /// The end of a QEMU that does not answer: what it wrote when it died says more than that.
    private VmEnd gone(String otherwise) throws InterruptedException {
        var watch = new VmWatch(spec);
        watch.hear(new VmSignal.LogClosed());
        long end = System.nanoTime() + VmWatch.GRACE.toNanos();
        while (true) {
            var signal = signals.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (signal == null) {
                return new VmEnd.HostFailed(otherwise);
            }
            var decided = watch.hear(signal);
            if (decided.isPresent()) {
                return decided.orElseThrow();
            }
        }
    }

    private Attempt run(PausedVm vm) throws InterruptedException {
        var console =
                new ConsolePump(
                        vm.channel(Port.CONSOLE), spec.console(), spec.limits().consoleBytes());
        var consoleThread = Thread.ofVirtual().name("vm-console").start(console);
        spec.uplink().ifPresent(vm::serve);
        Optional<String> problem = vm.qemu().run();
        if (problem.isPresent()) {
            return unfit(vm, problem.orElseThrow());
        }
        var log = new LogPump(vm.channel(Port.LOG), spec, listener, () -> gate(vm), signals::add);
        Thread.ofVirtual()
                .name("vm-log")
                .start(
                        switch (vm.origin()) {
                            case Origin.Cold _, Origin.Making _ -> log;
                            case Origin.Clone _ -> log::runClone;
                        });
        VmEnd end = new VmGuard(spec, signals, vm.qemu(), console).await();
        if (end instanceof VmEnd.GuestDied || end instanceof VmEnd.HostFailed) {
            consoleThread.join(VmWatch.GRACE);
        }
        end = vm.qemu().explained(withConsole(end, console));
        marks.mark(Part.WORK);
        vm.qemu().quit();
        return new Attempt.Ended(end);
    }

    private HostLine gate(PausedVm vm) throws IOException {
        marks.mark(Part.BOOT);
        var content = spec.contents().get(Drive.SECRETS);
        if (content != null) {
            vm.fillSecrets(content);
        }
        return HostLine.fresh(HostLine.Word.RUN, setting.clock().instant());
    }

    private static VmEnd withConsole(VmEnd end, ConsolePump console) {
        return switch (end) {
            case VmEnd.GuestDied(var detail) ->
                    new VmEnd.GuestDied(
                            console.panic()
                                    .map(p -> "the guest's kernel panicked: " + p)
                                    .orElse(detail));
            case VmEnd.HostFailed(var detail) ->
                    new VmEnd.HostFailed(detail + "; console: " + console.lastLine());
            case VmEnd.Finished _, VmEnd.TimedOut _, VmEnd.Cancelled _, VmEnd.OverLimit _ -> end;
        };
    }
}
