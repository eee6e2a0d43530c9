package airlock.phases;

import airlock.results.PhaseKey;
import airlock.uplink.TerminalOpening;
import airlock.uplink.WindowSize;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import airlock.yaml.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The VM of a failed phase that stays for a person. It stands still while nobody is in it.
final class KeptVm {
    /// How long the end of a VM may take to be known, in seconds.
    private static final int GONE = 5;

    private final PhaseKey key;
    private final Vm vm;
    private final ShellPort port;
    private final Instant until;
    private final CompletableFuture<VmEnd> end = new CompletableFuture<>();
    private final CountDownLatch removed = new CountDownLatch(1);
    private int visitors;

    /// @param vm its guest waits for terminals; from now on it is this one's to close
    KeptVm(PhaseKey key, Vm vm, ShellPort port, Instant now, Duration time) {
        this.key = key;
        this.vm = vm;
        this.port = port;
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

    /// Waits for its end and removes what is left of it.
    void await() throws InterruptedException {
        try {
            end.complete(vm.await());
        } finally {
            vm.close();
            removed.countDown();
            end.complete(new VmEnd.Cancelled("it was ended"));
        }
    }

    /// Ends it, with a reason for people, and waits until nothing of it is left.
    void end(String why) {
        vm.cancel(why);
        try {
            removed.await();
        } catch (InterruptedException _) {
            // it ends all the same
            Thread.currentThread().interrupt();
        }
    }

    /// Lets a person in.
    Shell.Opening enter(WindowSize size) throws InterruptedException {
        synchronized (this) {
            if (visitors++ == 0) {
                vm.resume();
            }
        }
        boolean in = false;
        try {
            return switch (port.open(size)) {
                case TerminalOpening.Opened(var terminal) -> {
                    in = true;
                    yield new Shell.Opening.Opened(
                            new Shell(key.phase(), true, until, terminal, this::gone, this::left));
                }
                case TerminalOpening.Refused(var why) -> new Shell.Opening.Refused(no(why));
                case TerminalOpening.NoAnswer(var why) -> new Shell.Opening.Refused(no(why));
            };
        } finally {
            if (!in) {
                left();
            }
        }
    }

    private String no(String why) {
        return "the kept machine of run %s gives no terminal: %s".formatted(key.run(), why);
    }

    private synchronized void left() {
        if (--visitors == 0) {
            vm.pause();
        }
    }

    private String gone() {
        return words(end);
    }

    /// Why a VM has ended, for people; empty where it has not within a moment.
    static String words(CompletableFuture<VmEnd> end) {
        var known =
                end.copy()
                        .completeOnTimeout(new VmEnd.Cancelled(""), GONE, TimeUnit.SECONDS)
                        .join();
        return switch (known) {
            case VmEnd.Finished _ -> "the machine has done its last step";
            case VmEnd.TimedOut(var limit) ->
                    "the machine's time of " + Units.showDuration(limit) + " is over";
            case VmEnd.Cancelled(var reason) -> reason;
            case VmEnd.OverLimit(_, var detail) -> "the machine " + detail;
            case VmEnd.GuestDied(var detail) -> detail;
            case VmEnd.HostFailed(var detail) -> detail;
        };
    }
}
