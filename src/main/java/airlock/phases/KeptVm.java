package airlock.phases;

import airlock.results.PhaseKey;
import airlock.uplink.WindowSize;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/// The VM of a failed phase that stays for people. It is paused while it has no visitor.
final class KeptVm {
    private final PhaseKey key;
    private final Vm vm;
    private final VisitedVm visited;
    private final Instant until;
    private final CountDownLatch removed = new CountDownLatch(1);
    private int visitors;

    /// @param vm whose guest waits for terminals; this takes it over
    KeptVm(PhaseKey key, Vm vm, ShellPort port, Instant now, Duration time) {
        this.key = key;
        this.vm = vm;
        this.visited = new VisitedVm(port, true);
        this.until = now.plus(time);
        vm.keep(time);
        port.turn();
        vm.pause();
    }

    PhaseKey key() {
        return key;
    }

    Instant until() {
        return until;
    }

    synchronized boolean isVisited() {
        return visitors > 0;
    }

    /// Waits for its end and removes its files.
    void await() throws InterruptedException {
        try {
            visited.ended(vm.await());
        } finally {
            vm.close();
            removed.countDown();
            visited.ended(new VmEnd.Cancelled("it was ended"));
        }
    }

    /// Ends it and waits until its files are removed.
    ///
    /// @param why for people
    void end(String why) {
        vm.cancel(why);
        try {
            removed.await();
        } catch (InterruptedException _) {
            // it ends anyway
            Thread.currentThread().interrupt();
        }
    }

    /// Opens a shell.
    Shell.Opening enter(WindowSize size) throws InterruptedException {
        synchronized (this) {
            if (visitors++ == 0) {
                vm.resume();
            }
        }
        String name = "the kept machine of run " + key.run();
        return visited.open(size, name, key.phase(), until, this::left);
    }

    private synchronized void left() {
        if (--visitors == 0) {
            vm.pause();
        }
    }
}
