package airlock.vm;

import airlock.image.ImageStore;
import airlock.image.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// What the measurements with machines have in common: the walls, the accelerator and the image of
/// a server whose state directory this is, and the shape that demo and measurements use.
final class BenchMachine implements AutoCloseable {
    static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C.UTF-8");
    private static final VmShape SHAPE = new VmShape(1, 512, DriveSlots.standard());
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final long MOST_LOG = 2L << 30;

    final BootFiles boot;
    final Path state;
    private final Path vms;
    private final Launcher launcher = new Launcher();
    private final Cage cage = Cage.detect();
    private final KvmProbe.Found found;
    private final Templates templates;
    private int machines;

    /// @param state the state directory, in which the image was built
    BenchMachine(Path state) throws IOException, InterruptedException {
        this.state = state;
        this.vms = Files.createDirectories(state.resolve("bench-vms"));
        Leftovers.sweep(vms, MemoryPlace.of(vms, Optional.empty()));
        this.boot =
                new ImageStore(state.resolve("images"))
                        .build(
                                Recipe.builtIn("debian-13"),
                                Path.of("target", "guest", "airlock-guest"),
                                System.err::println)
                        .boot();
        this.templates = Templates.in(state.resolve("bench-templates"), InstantSource.system());
        this.found =
                new KvmProbe(state.resolve("accelerator"), cage)
                        .find(kind -> new QemuVmHost(setting(kind, Templates.none())), boot);
    }

    /// Makes ready what all measurements with machines need, and prints where the image is and, on
    /// a second line, how machines run here.
    ///
    /// @param arguments the state directory
    public static void main(String[] arguments) throws Exception {
        try (var machine = new BenchMachine(Path.of(arguments[0]))) {
            System.out.println(machine.boot.kernel().toAbsolutePath().getParent());
            System.out.println(machine.found.accelerator() + ": " + machine.found.why());
        }
    }

    private QemuVmHost.QemuSetting setting(Accelerator kind, Templates from) {
        return new QemuVmHost.QemuSetting(
                vms,
                MemoryPlace.of(vms, Optional.empty()),
                kind,
                cage,
                launcher,
                InstantSource.system(),
                from);
    }

    /// What all machines that boot have in common.
    QemuVmHost.QemuSetting setting() {
        return setting(found.accelerator(), Templates.none());
    }

    /// A machine that boots from `files` and runs `steps`.
    VmSpec spec(BootFiles files, Step... steps) {
        return new VmSpec(
                "bench-" + machines++,
                files,
                SHAPE,
                List.of(steps),
                Map.of(),
                Set.of(),
                vms.resolve("console"),
                new VmLimits(LONGEST, LONGEST, 1 << 20, MOST_LOG));
    }

    /// Runs `spec` from its boot until it ends, and fails unless all its steps passed.
    void run(VmSpec spec, VmListener listener) throws InterruptedException {
        run(setting(), spec, listener);
    }

    /// Runs `spec` as the server does, as a clone of a template that is made where it is missing.
    void runClone(VmSpec spec, VmListener listener) throws InterruptedException {
        run(setting(found.accelerator(), templates), spec, listener);
        if (!templates.problems().isEmpty()) {
            throw new IllegalStateException(String.join("; ", templates.problems()));
        }
    }

    private static void run(QemuVmHost.QemuSetting setting, VmSpec spec, VmListener listener)
            throws InterruptedException {
        try (Vm vm = new QemuVmHost(setting).start(spec, listener)) {
            VmEnd end = vm.await();
            if (!(end instanceof VmEnd.Finished(boolean passed, _)) || !passed) {
                throw new IllegalStateException("the VM did not finish: " + end);
            }
        }
    }

    /// A step that runs a shell's text.
    static Step shell(String text) {
        return new Step(
                "shell",
                new GuestStep.Execute(
                        List.of("bash", "-c", "set -xeuo pipefail\n" + text),
                        ENVIRONMENT,
                        "/ci/src",
                        ""),
                false);
    }

    /// When the only step of a machine began and ended, as the host heard of it.
    static final class StepTimes implements VmListener {
        final CompletableFuture<Long> began = new CompletableFuture<>();
        final CompletableFuture<Long> ended = new CompletableFuture<>();

        @Override
        public void record(GuestRecord record) {
            switch (record) {
                case GuestRecord.StepStarted _ -> began.complete(System.nanoTime());
                case GuestRecord.StepEnded _ -> ended.complete(System.nanoTime());
                case GuestRecord.Ready _,
                        GuestRecord.Output _,
                        GuestRecord.Finished _,
                        GuestRecord.Broke _ -> {}
            }
        }
    }

    @Override
    public void close() {
        launcher.close();
    }
}
