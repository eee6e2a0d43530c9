package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.plan.DriveRules;
import airlock.plan.PhaseSteps;
import airlock.uplink.Terminal.WindowSize;
import airlock.vm.Drive;
import airlock.vm.Vm;
import airlock.vm.VmModel;
import airlock.vm.VmSpec;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Fresh VMs for people, with the image, shape and inputs of a phase, but without its actions and
/// secrets. Only terminals lead out of them, and their outputs are dropped.
public final class FreshVms {
    private final PhaseParts parts;
    private final Semaphore places;
    private final AtomicInteger made = new AtomicInteger();

    public FreshVms(PhaseParts parts, int most) {
        this.parts = parts;
        this.places = new Semaphore(most);
    }

    /// The machine to start.
    ///
    /// @param image as the configuration names it
    /// @param inputs the phase whose input drives it gets; without one they are empty
    public record Wish(Phase phase, String image, Limits limits, Optional<PhaseOrder> inputs) {}

    /// Starts a VM and a shell in it; the VM ends with the shell.
    public Shell.Opening open(Wish wish, WindowSize size) throws InterruptedException {
        var inputs = wish.inputs();
        if (inputs.isPresent() && !Files.exists(inputs.get().source())) {
            return new Shell.Opening.Refused(
                    "the source of this run is no longer kept; `airlock rerun` fetches it again");
        }
        if (!places.tryAcquire()) {
            return new Shell.Opening.Refused(
                    "the limit of people in fresh machines is reached; wait, or end one of those"
                            + " shells");
        }
        var visited = VisitedVm.fresh();
        Runnable left = places::release;
        boolean started = false;
        try {
            parts.kept().makeRoom(wish.limits().memory());
            Path console = console();
            var vm = parts.host().start(spec(wish, console, visited.port()), visited);
            visited.follow(vm);
            left = () -> remove(vm, console);
            started = true;
        } finally {
            if (!started) {
                left.run();
            }
        }
        Instant until = parts.clock().instant().plus(time(wish));
        return visited.open(size, "the machine", wish.phase(), until, left);
    }

    private static Duration time(Wish wish) {
        return wish.limits().time(wish.phase());
    }

    private VmSpec spec(Wish wish, Path console, ShellPort port) {
        return new VmSpec(
                "shell-" + made.incrementAndGet(),
                new VmModel(parts.images().boot(wish.image()), PhaseShape.of(wish.limits())),
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
                .map(order -> new PhaseVm(order, parts.stores().blobs()).contents())
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

    private void remove(Vm vm, Path console) {
        try {
            vm.close();
            Files.deleteIfExists(console);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + console, e);
        } finally {
            places.release();
        }
    }
}
