package airlock.vm;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Listens to a running VM until its end is certain, and looks at the time that it takes.
final class VmGuard {
    /// How often it is looked at the CPU time, in nanoseconds.
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final BlockingQueue<VmSignal> signals;
    private final QemuSession qemu;
    private final VmWatch watch;
    private final ConsolePump console;
    private final Duration cpuTime;

    VmGuard(VmSpec spec, BlockingQueue<VmSignal> signals, QemuSession qemu, ConsolePump console) {
        this.console = console;
        this.signals = signals;
        this.qemu = qemu;
        this.watch = new VmWatch(spec);
        this.cpuTime = spec.limits().cpuTime();
    }

    /// How the VM ended, or has to end now.
    VmEnd await() throws InterruptedException {
        var end = Optional.<VmEnd>empty();
        while (end.isEmpty()) {
            end = awaitStage();
        }
        return end.orElseThrow();
    }

    /// Empty where the VM has come to another stage.
    private Optional<VmEnd> awaitStage() throws InterruptedException {
        var stage = watch.stage();
        long end = System.nanoTime() + watch.limit().toNanos();
        var before = qemu.cpuTime();
        while (watch.stage() == stage) {
            long left = end - System.nanoTime();
            var signal = signals.poll(Math.min(left, LOOK), TimeUnit.NANOSECONDS);
            var decided = signal == null ? timeSpent(left, before) : watch.hear(done(signal));
            if (decided.isPresent()) {
                return decided;
            }
        }
        return Optional.empty();
    }

    private Optional<VmEnd> timeSpent(long left, Duration cpuBefore) {
        if (left <= LOOK) {
            return watch.hear(new VmSignal.Late());
        }
        // a kernel that is not ours stands still then; later it is told to reset, and a step may
        // write whatever it likes
        if (watch.stage() == VmWatch.Stage.BOOTING && console.panic().isPresent()) {
            return watch.hear(new VmSignal.QemuTold("GUEST_PANICKED", Map.of()));
        }
        // what a boot takes is nobody's fault
        boolean counts =
                switch (watch.stage()) {
                    case BOOTING, SETTLING -> false;
                    case RUNNING, KEPT -> true;
                };
        return counts && qemu.cpuTime().minus(cpuBefore).compareTo(cpuTime) > 0
                ? watch.hear(new VmSignal.CpuTimeSpent(cpuTime))
                : Optional.empty();
    }

    /// Does what is asked of QEMU.
    private VmSignal done(VmSignal signal) throws InterruptedException {
        if (!(signal instanceof VmSignal.PauseAsked(boolean still))
                || watch.stage() != VmWatch.Stage.KEPT) {
            return asked(signal);
        }
        var problem = still ? qemu.pause() : qemu.run();
        return problem.<VmSignal>map(why -> new VmSignal.Stopped(why)).orElse(signal);
    }

    /// QEMU tells that it stands still, but not why.
    private VmSignal asked(VmSignal signal) throws InterruptedException {
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
}
