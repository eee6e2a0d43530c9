package airlock.vm;

import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.VmFiles.Port;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of one VM from its files to its end.
final class QemuRun {
    private static final Logger LOG = LoggerFactory.getLogger(QemuRun.class);
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(10);

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

    /// Runs it; when this returns, no process of it is left.
    VmEnd toTheEnd() throws InterruptedException {
        try {
            var refused = VmDrives.refuse(spec);
            if (refused.isPresent()) {
                return refused.orElseThrow();
            }
            files.create();
            VmDrives.make(spec, files);
            marks.mark("drives");
            try (var ports = Ports.listen(files)) {
                files.handOver(spec, user);
                VmEnd end = start(ports);
                files.takeBack(spec, user);
                LOG.info("VM {}: {}; {}", spec.name(), end, marks);
                return end;
            }
        } catch (IOException e) {
            return new VmEnd.HostFailed(
                    "the host could not give VM %s what it needs: %s".formatted(spec.name(), e));
        }
    }

    private VmEnd start(Ports ports) throws IOException, InterruptedException {
        var box = Box.of(spec, files, setting.accelerator());
        try (var group = setting.cage().group(box, files.directory())) {
            return group.explained(start(ports, box, group));
        }
    }

    private VmEnd start(Ports ports, Box box, ControlGroup group)
            throws IOException, InterruptedException {
        var command = QemuCommand.cold(spec, files, setting.accelerator());
        var line = group.enter(setting.cage().wrap(box, user, box.groups(), command));
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        var qemu =
                new QemuProcess(
                        setting.launcher().start(builder),
                        exited -> {
                            signals.add(exited);
                            ports.refuse();
                        });
        boolean quits = false;
        try (var secrets = FileChannel.open(files.drive(Drive.SECRETS), StandardOpenOption.WRITE)) {
            RunMarker.write(files.directory(), qemu.pid());
            if (!connect(ports)) {
                return gone("QEMU did not connect in %d s".formatted(CONNECT.toSeconds()));
            }
            qemu.look();
            marks.mark("QEMU");
            try (var qmp = new Qmp(ports.channel(Port.QMP), this::told, () -> {})) {
                VmEnd end = run(ports, qmp, secrets);
                marks.mark("work");
                quits = qmp.execute("quit", ANSWER) instanceof Qmp.Answer.Done;
                return end;
            }
        } finally {
            qemu.end(quits);
            marks.mark("end");
        }
    }

    private boolean connect(Ports ports) {
        var late =
                CompletableFuture.runAsync(
                        ports::refuse,
                        CompletableFuture.delayedExecutor(
                                CONNECT.toMillis(), TimeUnit.MILLISECONDS));
        try {
            ports.accept();
            return true;
        } catch (IOException _) {
            return false;
        } finally {
            late.cancel(false);
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

    private void told(QmpMessage.Event event) {
        signals.add(new VmSignal.QemuTold(event.name(), event.data()));
    }

    private VmEnd run(Ports ports, Qmp qmp, FileChannel secrets)
            throws IOException, InterruptedException {
        var console =
                new ConsolePump(
                        ports.channel(Port.CONSOLE), spec.console(), spec.limits().consoleBytes());
        var consoleThread = Thread.ofVirtual().name("vm-console").start(console);
        if (qmp.open(ANSWER) instanceof Qmp.Answer.Failed(var reason)) {
            return gone(reason);
        }
        // QEMU has opened all of it; from here on the secrets have no name
        Files.delete(files.drive(Drive.SECRETS));
        if (qmp.execute("cont", ANSWER) instanceof Qmp.Answer.Failed(var reason)) {
            return gone(reason);
        }
        var log =
                new LogPump(
                        ports.channel(Port.LOG), spec, listener, () -> gate(secrets), signals::add);
        Thread.ofVirtual().name("vm-log").start(log);
        VmEnd end = watch(qmp);
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

    private VmEnd watch(Qmp qmp) throws InterruptedException {
        var watch = new VmWatch(spec);
        var stage = watch.stage();
        long end = System.nanoTime() + watch.limit().toNanos();
        while (true) {
            var signal = signals.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            var decided = watch.hear(signal == null ? new VmSignal.Late() : asked(signal, qmp));
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
    private static VmSignal asked(VmSignal signal, Qmp qmp) throws InterruptedException {
        if (!(signal instanceof VmSignal.QemuTold(var event, _)) || !event.equals("STOP")) {
            return signal;
        }
        return switch (qmp.execute("query-status", ANSWER)) {
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
