package airlock.vm;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Waits for the end of a running VM, and keeps its limits of time.
final class EndWaiter {
    /// How often the CPU time is checked, in nanoseconds.
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final BlockingQueue<VmSignal> signals;
    private final QemuInstance qemu;
    private final EndState state;
    private final ConsolePump console;
    private final Duration cpuTime;

    EndWaiter(
            VmSpec spec, BlockingQueue<VmSignal> signals, QemuInstance qemu, ConsolePump console) {
        this.console = console;
        this.signals = signals;
        this.qemu = qemu;
        this.state = new EndState(spec);
        this.cpuTime = spec.limits().cpuTime();
    }

    VmEnd await() throws InterruptedException {
        var end = Optional.<VmEnd>empty();
        while (end.isEmpty()) {
            end = awaitStage();
        }
        return end.orElseThrow();
    }

    /// Empty if the VM has reached another stage.
    private Optional<VmEnd> awaitStage() throws InterruptedException {
        var stage = state.stage();
        long end = System.nanoTime() + state.limit().toNanos();
        var before = qemu.cpuTime();
        while (state.stage() == stage) {
            long left = end - System.nanoTime();
            var signal = signals.poll(Math.min(left, LOOK), TimeUnit.NANOSECONDS);
            var decided = signal == null ? timeSpent(left, before) : state.hear(done(signal));
            if (decided.isPresent()) {
                return decided;
            }
        }
        return Optional.empty();
    }

    private Optional<VmEnd> timeSpent(long left, Duration cpuBefore) {
        if (left <= LOOK) {
            return state.hear(new VmSignal.Late());
        }
        // an image's own kernel halts after a panic instead of resetting; later than at boot the
        // console may hold a step's output
        if (state.stage() == EndState.Stage.BOOTING && console.panic().isPresent()) {
            return state.hear(new VmSignal.QemuTold("GUEST_PANICKED", Map.of()));
        }
        // the CPU time of the boot is not the run's
        boolean counts =
                switch (state.stage()) {
                    case BOOTING, SETTLING -> false;
                    case RUNNING, KEPT -> true;
                };
        if (!counts || qemu.cpuTime().minus(cpuBefore).compareTo(cpuTime) <= 0) {
            return Optional.empty();
        }
        String why = "took more CPU time than %d s".formatted(cpuTime.toSeconds());
        return Optional.of(new VmEnd.OverLimit(VmEnd.Limited.CPU_TIME, why));
    }

    /// Pauses or resumes QEMU on request.
    private VmSignal done(VmSignal signal) throws InterruptedException {
        if (!(signal instanceof VmSignal.PauseAsked(boolean still))
                || state.stage() != EndState.Stage.KEPT) {
            return asked(signal);
        }
        var problem = still ? qemu.monitor().pause() : qemu.monitor().run();
        return problem.<VmSignal>map(why -> new VmSignal.Stopped(why)).orElse(signal);
    }

    /// A STOP event has no reason, so asks QEMU for it.
    private VmSignal asked(VmSignal signal) throws InterruptedException {
        if (!(signal instanceof VmSignal.QemuTold(var event, _)) || !event.equals("STOP")) {
            return signal;
        }
        return switch (qemu.monitor().execute("query-status")) {
            case QemuMonitor.Answer.Done(var values) ->
                    new VmSignal.Stopped(values.getOrDefault("status", "unknown"));
            // QEMU is about to exit, which is signalled too
            case QemuMonitor.Answer.Failed _ -> signal;
        };
    }
}
