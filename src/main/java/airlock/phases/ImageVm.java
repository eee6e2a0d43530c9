package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.plan.DriveRules;
import airlock.plan.PhaseSteps;
import airlock.uplink.Terminal.WindowSize;
import airlock.vm.BootFiles;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import airlock.vm.VmHost;
import airlock.vm.VmModel;
import airlock.vm.VmSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// A VM on an image for one person, who may keep its system disk afterwards. Its drives are empty,
/// and only the terminal leads out of it.
public final class ImageVm implements AutoCloseable {
    /// Generous, since its only user sits at this machine.
    private static final Duration LONGEST = Duration.ofDays(1);

    private final VisitedVm visited = VisitedVm.fresh();
    private final InstantSource clock;
    private final Vm vm;

    /// @param host must boot each VM, so that it has a system disk of its own
    /// @param environment the variables that the image's programs expect
    /// @param console a file for the kernel's console
    public ImageVm(
            VmHost host,
            BootFiles boot,
            Map<String, String> environment,
            Limits limits,
            Path console,
            InstantSource clock) {
        this.clock = clock;
        this.vm =
                host.start(
                        new VmSpec(
                                "image-shell",
                                new VmModel(boot, PhaseShape.of(limits)),
                                PhaseSteps.onImage(environment).all(),
                                Map.of(),
                                DriveRules.writable(Phase.PLAN),
                                console,
                                VisitedVm.limits(limits, LONGEST, LONGEST),
                                Optional.of(visited.port())),
                        visited);
        visited.follow(vm);
    }

    public Shell.Opening open(WindowSize size) throws InterruptedException {
        visited.awaitReady();
        Instant until = clock.instant().plus(LONGEST);
        return visited.open(size, "the machine", Phase.PLAN, until, () -> {});
    }

    /// Moves the system disk's changes to a file, once the shell has ended.
    ///
    /// @return why that failed; empty if it did not
    public Optional<String> keep(Path target) {
        if (!(visited.end() instanceof VmEnd.Finished)) {
            return Optional.of(visited.why());
        }
        vm.takeSystem(target);
        return Optional.empty();
    }

    @Override
    public void close() {
        vm.close();
    }
}
