package airlock.vm;

import airlock.vm.EndState.Stage;
import airlock.vm.QemuMonitor.QemuFailure;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Waits for the end of a running VM, and keeps its limits of time.
record EndWaiter(
        VmSpec spec,
        EndState state,
        BlockingQueue<VmSignal> signals,
        QemuInstance qemu,
        ConsolePump console) {
    /// How often the CPU time is checked, in nanoseconds.
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

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
        if (state.stage() == Stage.BOOTING && console.panic().isPresent()) {
            return state.hear(new VmSignal.QemuTold("GUEST_PANICKED", Map.of()));
        }
        // the CPU time of the boot is not the run's
        boolean counts =
                switch (state.stage()) {
                    case BOOTING, SETTLING -> false;
                    case RUNNING, KEPT -> true;
                };
        var limit = spec.limits().cpuTime();
        if (!counts || qemu.cpuTime().minus(cpuBefore).compareTo(limit) <= 0) {
            return Optional.empty();
        }
        String why = "took more CPU time than %d s".formatted(limit.toSeconds());
        return Optional.of(new VmEnd.OverLimit(VmEnd.Limited.CPU_TIME, why));
    }

    /// Pauses or resumes QEMU on request. A STOP event has no reason, so asks QEMU for it.
    private VmSignal done(VmSignal signal) throws InterruptedException {
        boolean pauses = signal instanceof VmSignal.PauseAsked && state.stage() == Stage.KEPT;
        try {
            if (pauses && signal.equals(new VmSignal.PauseAsked(true))) {
                qemu.monitor().pause();
            } else if (pauses) {
                qemu.monitor().run();
            } else if (signal instanceof VmSignal.QemuTold(var event, _) && event.equals("STOP")) {
                var values = qemu.monitor().execute("query-status");
                return new VmSignal.Stopped(values.getOrDefault("status", "unknown"));
            }
            return signal;
        } catch (QemuFailure e) {
            // a QEMU that doesn't say its status is about to exit, which is signalled too
            return pauses ? new VmSignal.Stopped(e.why()) : signal;
        }
    }
}
