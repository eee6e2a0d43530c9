package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.plan.DriveRules;
import airlock.plan.PhaseSteps;
import airlock.uplink.WindowSize;
import airlock.vm.Drive;
import airlock.vm.DriveContent;
import airlock.vm.Vm;
import airlock.vm.VmSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Fresh VMs for people, with the image, shape and inputs of a phase, but without its actions and
/// secrets. Only terminals lead out of them, and none of their outputs is kept.
public final class FreshVms {
    private final PhaseParts parts;
    private final Semaphore places;
    private final AtomicInteger made = new AtomicInteger();

    /// @param most at once
    public FreshVms(PhaseParts parts, int most) {
        this.parts = parts;
        this.places = new Semaphore(most);
    }

    /// The machine to start.
    ///
    /// @param image as the configuration names it
    /// @param inputs the phase whose input drives it gets; without one they are empty
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
                    "the source of this run is no longer kept; `airlock rerun` fetches it again");
        }
        parts.kept().makeRoom(wish.limits().memory());
        var visited = VisitedVm.fresh();
        Path console = console();
        var vm = parts.host().start(spec(wish, console, visited.port()), visited);
        visited.follow(vm);
        boolean in = false;
        try {
            var opening =
                    visited.open(
                            size,
                            "the machine",
                            terminal ->
                                    new Shell(
                                            wish.phase(),
                                            false,
                                            parts.clock().instant().plus(time(wish)),
                                            terminal,
                                            visited::why,
                                            () -> {
                                                remove(vm, console);
                                                places.release();
                                            }));
            in = opening instanceof Shell.Opening.Opened;
            return opening;
        } finally {
            if (!in) {
                remove(vm, console);
            }
        }
    }

    private static Duration time(Wish wish) {
        return wish.limits().time(wish.phase());
    }

    private VmSpec spec(Wish wish, Path console, ShellPort port) {
        return new VmSpec(
                "shell-" + made.incrementAndGet(),
                parts.images().boot(wish.image()),
                PhaseShape.of(wish.limits()),
                PhaseSteps.forPerson(
                                wish.phase(),
                                wish.inputs().map(PhaseOrder::plan),
                                parts.images().environment(wish.image()))
                        .all(),
                contents(wish),
                DriveRules.writable(wish.phase()),
                console,
                VisitedVm.limits(wish.limits(), time(wish), wish.limits().cpuTime()),
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

    private static void remove(Vm vm, Path console) {
        vm.close();
        try {
            Files.deleteIfExists(console);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + console, e);
        }
    }
}
