package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.uplink.Terminal;
import airlock.uplink.Terminal.WindowSize;
import airlock.vm.GuestRecord;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import airlock.vm.VmSpec.VmLimits;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import airlock.yaml.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A VM that people may enter through its uplink port, and how it ended.
final class VisitedVm implements Consumer<GuestRecord> {
    static final Duration BOOT = Duration.ofMinutes(3);

    /// How long a VM that closed its terminals may take to say why, in seconds.
    private static final int GONE = 5;

    private final ShellPort port;
    private final boolean kept;
    private final CompletableFuture<VmEnd> end = new CompletableFuture<>();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private volatile Optional<String> failure = Optional.empty();

    VisitedVm(ShellPort port, boolean kept) {
        this.port = port;
        this.kept = kept;
    }

    /// A VM without a phase, whose port carries terminals only.
    static VisitedVm fresh() {
        var port = new ShellPort(Optional.empty());
        port.turn();
        return new VisitedVm(port, false);
    }

    static VmLimits limits(Limits granted, Duration time, Duration cpuTime) {
        return new VmLimits(
                BOOT,
                time,
                cpuTime,
                GuestLimits.ofProcesses(granted.processes()),
                granted.console(),
                granted.log());
    }

    ShellPort port() {
        return port;
    }

    @Override
    public void accept(GuestRecord record) {
        if (record instanceof GuestRecord.Ready) {
            ready.complete(true);
        } else if (record instanceof GuestRecord.StepEnded ended
                && !ended.end().equals(new GuestRecord.StepEnd.Exited(0))
                && failure.isEmpty()) {
            failure =
                    Optional.of(
                            "step %d of its start ended with %s"
                                    .formatted(ended.step(), ended.end()));
        }
    }

    void follow(Vm vm) {
        Thread.ofVirtual().name("visited-vm").start(() -> awaitEnd(vm));
    }

    private void awaitEnd(Vm vm) {
        try {
            ended(vm.await());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    void ended(VmEnd how) {
        end.complete(how);
        ready.complete(false);
    }

    /// Waits until its gate is ready, or it has ended.
    void awaitReady() {
        ready.join();
    }

    VmEnd end() {
        return end.join();
    }

    /// @param name of the machine, for people
    /// @param left called when the shell is closed, or could not be opened
    Shell.Opening open(WindowSize size, String name, Phase phase, Instant until, Runnable left)
            throws InterruptedException {
        boolean isOpen = false;
        try {
            return switch (port.open(size)) {
                case Terminal.Opening.Opened(var terminal) -> {
                    isOpen = true;
                    yield new Shell.Opening.Opened(
                            new Shell(phase, kept, until, terminal, this::why, left));
                }
                case Terminal.Opening.Refused(var why) -> refused(name, why);
                case Terminal.Opening.NoAnswer(var why) ->
                        refused(name, failure.orElseGet(() -> end.isDone() ? why() : why));
            };
        } finally {
            if (!isOpen) {
                left.run();
            }
        }
    }

    private static Shell.Opening refused(String name, String why) {
        return new Shell.Opening.Refused("%s gives no terminal: %s".formatted(name, why));
    }

    /// Why it has ended, for people; empty if that is not known within a few seconds.
    String why() {
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
