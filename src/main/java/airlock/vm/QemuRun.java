package airlock.vm;

import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.VmFiles.Port;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of one VM from its files to its end: as a clone of a template where there is one, else
/// from its boot on.
final class QemuRun {
    private static final Logger LOG = LoggerFactory.getLogger(QemuRun.class);

    /// How often it is looked whether a template is made, in milliseconds.
    private static final int LOOK = 50;

    private final QemuSetting setting;
    private final VmSpec spec;
    private final VmFiles files;
    private final VmListener listener;
    private final BlockingQueue<VmSignal> signals;
    private final OptionalInt user;
    private final Marks marks = new Marks();

    QemuRun(
            QemuSetting setting,
            VmSpec spec,
            VmFiles files,
            VmListener listener,
            BlockingQueue<VmSignal> signals) {
        this.setting = setting;
        this.spec = spec;
        this.files = files;
        this.listener = listener;
        this.signals = signals;
        this.user = setting.cage().newUser();
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
        marks.mark("template");
        if (template.isPresent()) {
            switch (attempt(new Origin.Clone(template.orElseThrow()))) {
                case Attempt.Ended(var end) -> {
                    setting.templates().ended(template.orElseThrow(), end);
                    return end;
                }
                case Attempt.Unfit(var why) -> {
                    setting.templates().discard(template.orElseThrow(), why);
                    VmFiles.remove(files.memory());
                    VmFiles.remove(files.directory());
                    signals.removeIf(signal -> !(signal instanceof VmSignal.CancelAsked));
                }
            }
        }
        return switch (attempt(new Origin.Cold())) {
            case Attempt.Ended(var end) -> end;
            case Attempt.Unfit(var why) -> new VmEnd.HostFailed(why);
        };
    }

    private Attempt attempt(Origin origin) throws IOException, InterruptedException {
        var parts = new QemuParts(setting, spec, files, origin, user);
        try {
            parts.make();
        } catch (NoSuchFileException e) {
            if (origin instanceof Origin.Clone(var template) && !template.isThere()) {
                return new Attempt.Unfit("a file of it is gone: " + e.getMessage());
            }
            throw e;
        }
        marks.mark("drives");
        try (var ports = Ports.listen(files)) {
            files.handOver(spec, origin, user);
            var attempt = start(parts, ports);
            files.takeBack(spec, user);
            return attempt;
        }
    }

    private Attempt start(QemuParts parts, Ports ports) throws IOException, InterruptedException {
        var qemu = new QemuSession(parts, ports, signals::add);
        try (var secrets = FileChannel.open(files.drive(Drive.SECRETS), StandardOpenOption.WRITE)) {
            var problem = qemu.connect();
            marks.mark("QEMU");
            if (problem.isEmpty() && parts.origin() instanceof Origin.Clone(var template)) {
                problem = qemu.load(template.saved());
                marks.mark("load");
            }
            if (problem.isPresent()) {
                return parts.origin() instanceof Origin.Clone
                        ? new Attempt.Unfit(problem.orElseThrow())
                        : new Attempt.Ended(qemu.explained(gone(problem.orElseThrow())));
            }
            var end = qemu.explained(run(qemu, ports, secrets, parts.origin()));
            marks.mark("work");
            qemu.quit();
            return new Attempt.Ended(end);
        } finally {
            qemu.end();
            marks.mark("end");
        }
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

    private VmEnd run(QemuSession qemu, Ports ports, FileChannel secrets, Origin origin)
            throws IOException, InterruptedException {
        var console =
                new ConsolePump(
                        ports.channel(Port.CONSOLE), spec.console(), spec.limits().consoleBytes());
        var consoleThread = Thread.ofVirtual().name("vm-console").start(console);
        // QEMU has opened all of it; from here on the secrets have no name
        Files.delete(files.drive(Drive.SECRETS));
        Optional<String> problem = qemu.run();
        if (problem.isPresent()) {
            return gone(problem.orElseThrow());
        }
        var log =
                new LogPump(
                        ports.channel(Port.LOG), spec, listener, () -> gate(secrets), signals::add);
        Thread.ofVirtual()
                .name("vm-log")
                .start(
                        switch (origin) {
                            case Origin.Cold _, Origin.Making _ -> log;
                            case Origin.Clone _ -> log::runClone;
                        });
        VmEnd end = watch(qemu);
        if (end instanceof VmEnd.GuestDied || end instanceof VmEnd.HostFailed) {
            consoleThread.join(VmWatch.GRACE);
        }
        return withConsole(end, console);
    }

    private HostLine gate(FileChannel secrets) throws IOException {
        marks.mark("boot");
        var content = spec.contents().get(Drive.SECRETS);
        if (content != null) {
            Drives.fill(secrets, content);
        }
        var seed = new byte[HostLine.SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        return new HostLine(setting.clock().instant(), seed);
    }

    private VmEnd watch(QemuSession qemu) throws InterruptedException {
        var watch = new VmWatch(spec);
        var stage = watch.stage();
        long end = System.nanoTime() + watch.limit().toNanos();
        while (true) {
            var signal = signals.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            var decided = watch.hear(signal == null ? new VmSignal.Late() : asked(signal, qemu));
            if (decided.isPresent()) {
                return decided.orElseThrow();
            }
            if (watch.stage() != stage) {
                stage = watch.stage();
                end = System.nanoTime() + watch.limit().toNanos();
            }
        }
    }

    /// QEMU tells that it stands still, but not why.
    private static VmSignal asked(VmSignal signal, QemuSession qemu) throws InterruptedException {
        if (!(signal instanceof VmSignal.QemuTold(var event, _)) || !event.equals("STOP")) {
            return signal;
        }
        return switch (qemu.ask("query-status")) {
            case Qmp.Answer.Done(var values) ->
                    new VmSignal.Stopped(values.getOrDefault("status", "unknown"));
            // QEMU is on its way out, and its end will be heard of
            case Qmp.Answer.Failed _ -> signal;
        };
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
