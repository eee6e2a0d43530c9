package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.plan.DriveRules;
import airlock.plan.PhaseSteps;
import airlock.uplink.TerminalOpening;
import airlock.uplink.WindowSize;
import airlock.vm.BootFiles;
import airlock.vm.GuestLimits;
import airlock.vm.GuestRecord;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import airlock.vm.VmHost;
import airlock.vm.VmLimits;
import airlock.vm.VmSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A VM on an image, for one person, whose system disk may be kept when they have left. Its drives
/// are empty, and nothing but the terminal leads out of it.
public final class ImageVm implements AutoCloseable {
    private static final Duration BOOT = Duration.ofMinutes(3);

    /// The person who waits for it sits before this machine.
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Vm vm;
    private final ShellPort port;
    private final InstantSource clock;
    private final CompletableFuture<VmEnd> end = new CompletableFuture<>();

    /// Whether its gate is ready, which takes a boot.
    private final CompletableFuture<Boolean> ready;

    private ImageVm(Vm vm, ShellPort port, InstantSource clock, CompletableFuture<Boolean> ready) {
        this.vm = vm;
        this.port = port;
        this.clock = clock;
        this.ready = ready;
    }

    /// What it is made of.
    ///
    /// @param environment the variables that the image's programs expect
    /// @param console a file for what its kernel says
    public record Wish(
            BootFiles boot, Map<String, String> environment, Limits limits, Path console) {}

    /// Starts it.
    ///
    /// @param host whose VMs boot by themselves
    public static ImageVm start(VmHost host, Wish wish, InstantSource clock) {
        var port = new ShellPort(Optional.empty());
        port.turn();
        var ready = new CompletableFuture<Boolean>();
        var vm =
                host.start(
                        spec(wish, port),
                        record -> {
                            if (record instanceof GuestRecord.Ready) {
                                ready.complete(true);
                            }
                        });
        var started = new ImageVm(vm, port, clock, ready);
        Thread.ofVirtual().name("image-vm").start(started::await);
        return started;
    }

    private static VmSpec spec(Wish wish, ShellPort port) {
        var limits = wish.limits();
        return new VmSpec(
                "image-shell",
                wish.boot(),
                PhaseShape.of(limits),
                PhaseSteps.onImage(wish.environment()).all(),
                Map.of(),
                DriveRules.writable(Phase.PLAN),
                wish.console(),
                new VmLimits(
                        BOOT,
                        LONGEST,
                        LONGEST,
                        GuestLimits.ofProcesses(limits.processes()),
                        limits.console(),
                        limits.log()),
                Optional.of(port));
    }

    private void await() {
        try {
            end.complete(vm.await());
            ready.complete(false);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Lets the person in.
    public Shell.Opening open(WindowSize size) throws InterruptedException {
        try {
            if (!ready.get()) {
                return refused(KeptVm.words(end));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return switch (port.open(size)) {
            case TerminalOpening.Opened(var terminal) ->
                    new Shell.Opening.Opened(
                            new Shell(
                                    Phase.PLAN,
                                    false,
                                    clock.instant().plus(LONGEST),
                                    terminal,
                                    () -> KeptVm.words(end),
                                    () -> {}));
            case TerminalOpening.Refused(var why) -> refused(why);
            case TerminalOpening.NoAnswer(var why) ->
                    refused(end.isDone() ? KeptVm.words(end) : why);
        };
    }

    private static Shell.Opening refused(String why) {
        return new Shell.Opening.Refused("the machine gives no terminal: " + why);
    }

    /// Moves what was written to the system disk to a file, once the shell has ended.
    ///
    /// @return why it can't be kept; empty when it is there
    public Optional<String> keep(Path target) {
        var how = end.join();
        if (!(how instanceof VmEnd.Finished)) {
            return Optional.of(KeptVm.words(end));
        }
        vm.takeSystem(target);
        return Optional.empty();
    }

    @Override
    public void close() {
        vm.close();
    }
}
