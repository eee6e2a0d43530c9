package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.plan.DriveRules;
import airlock.plan.PhaseSteps;
import airlock.uplink.TerminalOpening;
import airlock.uplink.WindowSize;
import airlock.vm.Drive;
import airlock.vm.DriveContent;
import airlock.vm.GuestLimits;
import airlock.vm.GuestRecord;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import airlock.vm.VmLimits;
import airlock.vm.VmListener;
import airlock.vm.VmSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Fresh VMs for people: like a phase's, with the same image, shape and inputs, without its actions
/// and without secrets. Nothing but terminals leads out of them, and nothing that they leave is
/// kept.
public final class FreshVms {
    private static final Duration BOOT = Duration.ofMinutes(3);

    private final PhaseParts parts;
    private final Semaphore places;
    private final AtomicInteger made = new AtomicInteger();

    /// @param most at once
    public FreshVms(PhaseParts parts, int most) {
        this.parts = parts;
        this.places = new Semaphore(most);
    }

    /// A machine that is wanted.
    ///
    /// @param image as the configuration names it
    /// @param inputs whose drives it gets; empty drives where there is none
    public record Wish(Phase phase, String image, Limits limits, Optional<PhaseOrder> inputs) {}

    /// Starts one and lets a person in; it ends when they leave.
    public Shell.Opening open(Wish wish, WindowSize size) throws InterruptedException {
        if (!places.tryAcquire()) {
            return new Shell.Opening.Refused(
                    "there are as many people in fresh machines as may be; wait, or end one of"
                            + " those shells");
        }
        boolean in = false;
        try {
            var opening = started(wish, size);
            in = opening instanceof Shell.Opening.Opened;
            return opening;
        } finally {
            if (!in) {
                places.release();
            }
        }
    }

    private Shell.Opening started(Wish wish, WindowSize size) throws InterruptedException {
        var inputs = wish.inputs();
        if (inputs.isPresent() && !Files.exists(inputs.get().source())) {
            return new Shell.Opening.Refused(
                    "the source of this run is not kept any more; `airlock rerun` reads it again");
        }
        parts.kept().makeRoom(wish.limits().memory());
        var port = new ShellPort(Optional.empty());
        port.turn();
        var heard = new Heard();
        var end = new CompletableFuture<VmEnd>();
        Path console = console();
        var vm = parts.host().start(spec(wish, console, port), heard);
        Thread.ofVirtual().name("fresh-vm").start(() -> await(vm, end));
        Runnable ended = () -> remove(vm, console);
        boolean in = false;
        try {
            var opening = port.open(size);
            in = opening instanceof TerminalOpening.Opened;
            return opened(opening, wish, ended, heard, end);
        } finally {
            if (!in) {
                ended.run();
            }
        }
    }

    private Shell.Opening opened(
            TerminalOpening opening,
            Wish wish,
            Runnable ended,
            Heard heard,
            CompletableFuture<VmEnd> end) {
        return switch (opening) {
            case TerminalOpening.Opened(var terminal) ->
                    new Shell.Opening.Opened(
                            new Shell(
                                    wish.phase(),
                                    false,
                                    parts.clock().instant().plus(time(wish)),
                                    terminal,
                                    () -> KeptVm.words(end),
                                    () -> {
                                        ended.run();
                                        places.release();
                                    }));
            case TerminalOpening.Refused(var why) ->
                    new Shell.Opening.Refused("the machine gives no terminal: " + why);
            case TerminalOpening.NoAnswer(var why) ->
                    new Shell.Opening.Refused(
                            "the machine gives no terminal: "
                                    + heard.failure().orElseGet(() -> reason(end, why)));
        };
    }

    private static String reason(CompletableFuture<VmEnd> end, String otherwise) {
        return end.isDone() ? KeptVm.words(end) : otherwise;
    }

    private static Duration time(Wish wish) {
        return wish.limits().time(wish.phase());
    }

    private VmSpec spec(Wish wish, Path console, ShellPort port) {
        var limits = wish.limits();
        return new VmSpec(
                "shell-" + made.incrementAndGet(),
                parts.images().boot(wish.image()),
                PhaseShape.of(limits),
                PhaseSteps.forPerson(
                                wish.phase(),
                                wish.inputs().map(PhaseOrder::plan),
                                parts.images().environment(wish.image()))
                        .all(),
                contents(wish),
                DriveRules.writable(wish.phase()),
                console,
                new VmLimits(
                        BOOT,
                        time(wish),
                        limits.cpuTime(),
                        GuestLimits.ofProcesses(limits.processes()),
                        limits.console(),
                        limits.log()),
                Optional.of(port));
    }

    private Map<Drive, DriveContent> contents(Wish wish) {
        return wish.inputs()
                .map(order -> new PhaseVm(order, parts.blobs()).contents())
                .orElse(Map.of());
    }

    private Path console() {
        try {
            Files.createDirectories(parts.work());
            return Files.createTempFile(parts.work(), "shell", ".console");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + parts.work(), e);
        }
    }

    private static void await(Vm vm, CompletableFuture<VmEnd> end) {
        try {
            end.complete(vm.await());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Vm vm, Path console) {
        vm.close();
        try {
            Files.deleteIfExists(console);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + console, e);
        }
    }

    /// Why the guest can't give a terminal.
    private static final class Heard implements VmListener {
        private volatile String failure = "";

        @Override
        public void record(GuestRecord record) {
            if (record instanceof GuestRecord.StepEnded ended
                    && !ended.end().equals(new GuestRecord.StepEnd.Exited(0))
                    && failure.isEmpty()) {
                failure =
                        "step %d of its beginning ended with %s"
                                .formatted(ended.step(), ended.end());
            }
        }

        Optional<String> failure() {
            return Optional.of(failure).filter(text -> !text.isEmpty());
        }
    }
}
