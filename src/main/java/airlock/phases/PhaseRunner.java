package airlock.phases;

import airlock.results.PhaseResult;
import airlock.results.RunLog;

/// Runs a phase in a VM. One that broke is tried once more, unless it had begun to publish; a
/// guest that vanishes twice while QEMU was healthy is the commit's fault.
///
/// **Threads**: any number of phases at once. **Failures**: none is thrown for what a guest, QEMU
/// or the host's disk does; [PhaseResult] has them all.
public final class PhaseRunner {
    private final PhaseParts parts;

    public PhaseRunner(PhaseParts parts) {
        this.parts = parts;
    }

    /// Runs the phase and returns how it ended.
    public PhaseResult run(PhaseOrder order, RunLog log, PhaseWatch watch)
            throws InterruptedException {
        var first = new PhaseAttempt(parts, order, log, watch).run();
        if (!(first.result() instanceof PhaseResult.Broke broke) || !broke.again()) {
            return first.result();
        }
        var second = new PhaseAttempt(parts, order, log, watch).run();
        return second.guestDied()
                ? new PhaseResult.Failed(second.result().reason())
                : second.result();
    }
}
