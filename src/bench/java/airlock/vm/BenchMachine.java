package airlock.vm;

import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.phases.UstarFile;
import airlock.sandbox.Launcher;
import airlock.vm.VmModel.DriveSlots;
import airlock.vm.VmModel.VmShape;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// What the measurements with machines have in common: the walls, the accelerator and the image of
/// a server whose state directory this is, and the shape that demo and measurements use.
final class BenchMachine implements AutoCloseable {
    /// As an action has it (`plan.StepContext`).
    static final Map<String, String> ENVIRONMENT =
            Map.of("HOME", "/root", "PATH", "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    private static final VmShape SHAPE = new VmShape(1, 512, DriveSlots.standard());
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final long MOST_LOG = 2L << 30;
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Map<Drive, String> PLACES =
            Map.of(
                    Drive.SOURCE, "src",
                    Drive.DEPENDENCIES, "deps",
                    Drive.CACHE, "cache",
                    Drive.ARTIFACTS, "artifacts",
                    Drive.SECRETS, "secrets");
    private static final Set<Drive> PACKED = Set.of(Drive.ARTIFACTS, Drive.CACHE);

    final BootFiles boot;
    final Path state;
    private final Path vms;
    private final Launcher launcher = new Launcher();
    private final QemuSandbox cage = QemuSandbox.detect();
    private final KvmProbe.Found found;
    private final Templates templates;
    private int machines;

    /// @param state the state directory, in which the image was built
    BenchMachine(Path state) throws IOException, InterruptedException {
        this.state = state;
        this.vms = Files.createDirectories(state.resolve("bench-vms"));
        VmLeftovers.sweep(vms, MemoryPlace.of(vms, Optional.empty()));
        this.boot =
                new ImageStore(state.resolve("images"), InstantSource.system())
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
        return spec(files, List.of(steps), Map.of());
    }

    /// A phase whose one action does nothing: all drives are unpacked, the outputs packed.
    VmSpec phase() {
        return phase(boot);
    }

    /// The same on another image.
    VmSpec phase(BootFiles files) {
        var readme = new UstarFile("README", 0644, "nothing\n".getBytes(StandardCharsets.US_ASCII));
        var steps = new ArrayList<Step>();
        for (Drive drive : PLACES.keySet()) {
            steps.add(step(new GuestStep.Unpack(device(drive), place(drive), false)));
        }
        steps.add(shell("true"));
        for (Drive drive : PACKED) {
            steps.add(step(new GuestStep.Pack(place(drive), device(drive))));
        }
        return spec(
                files,
                steps,
                Map.of(Drive.SOURCE, new DriveContent.Bytes(UstarFile.archive(List.of(readme)))));
    }

    private static Step step(GuestStep what) {
        return new Step("bench", what, false);
    }

    private static String device(Drive drive) {
        return "/dev/" + drive.node();
    }

    private static String place(Drive drive) {
        return "/ci/" + PLACES.get(drive);
    }

    /// A machine of the image that gets `contents` and runs `steps`.
    VmSpec spec(List<Step> steps, Map<Drive, DriveContent> contents) {
        return spec(boot, steps, contents);
    }

    private VmSpec spec(BootFiles files, List<Step> steps, Map<Drive, DriveContent> contents) {
        return new VmSpec(
                "bench-" + machines++,
                new VmModel(files, SHAPE),
                steps,
                contents,
                PACKED,
                vms.resolve("console"),
                VmSpecs.limited(LONGEST, LONGEST, MOST_LOG),
                Optional.empty());
    }

    /// Runs `spec` from its boot until it ends, and fails unless all its steps passed.
    void run(VmSpec spec, Consumer<GuestRecord> listener) throws InterruptedException {
        run(new QemuVmHost(setting()), spec, listener);
    }

    /// Runs `spec` as the server does, as a clone of a template that is made where it is missing.
    void runClone(VmSpec spec, Consumer<GuestRecord> listener) throws InterruptedException {
        run(new QemuVmHost(cloning()), spec, listener);
        checkTemplates();
    }

    private QemuVmHost.QemuSetting cloning() {
        return setting(found.accelerator(), templates);
    }

    private void checkTemplates() {
        if (!templates.problems().isEmpty()) {
            throw new IllegalStateException(String.join("; ", templates.problems()));
        }
    }

    /// What clones of 2 GiB keep in memory while they wait.
    WaitingMemory memory() {
        return new WaitingMemory(
                cloning(), new VmModel(boot, new VmShape(1, 2048, DriveSlots.standard())));
    }

    /// Keeps one clone of the machines of [#phase] ready.
    ReadyClones ready() {
        var policy = new ReadyClones.Policy(1, Duration.ofHours(1), 0);
        var clones = new ReadyClones(cloning(), policy, () -> Long.MAX_VALUE);
        clones.keep(new ReadyClones.Kind(new VmModel(boot, SHAPE), LONGEST));
        return clones;
    }

    /// Waits until one waits.
    static void await(ReadyClones clones) throws InterruptedException {
        while (clones.waiting() == 0) {
            Thread.sleep(LOOK);
        }
    }

    /// Runs `spec` as the clone that waits.
    void runReady(ReadyClones clones, VmSpec spec, Consumer<GuestRecord> listener)
            throws InterruptedException {
        run(new QemuVmHost(cloning(), clones), spec, listener);
        checkTemplates();
    }

    private static void run(QemuVmHost host, VmSpec spec, Consumer<GuestRecord> listener)
            throws InterruptedException {
        try (Vm vm = host.start(spec, listener)) {
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

    /// When the first step of a machine began and ended, and when all was packed, as the host
    /// heard of it.
    static final class StepTimes implements Consumer<GuestRecord> {
        final CompletableFuture<Long> began = new CompletableFuture<>();
        final CompletableFuture<Long> ended = new CompletableFuture<>();
        final CompletableFuture<Long> finished = new CompletableFuture<>();

        @Override
        public void accept(GuestRecord record) {
            switch (record) {
                case GuestRecord.StepStarted _ -> began.complete(System.nanoTime());
                case GuestRecord.StepEnded _ -> ended.complete(System.nanoTime());
                case GuestRecord.Finished _ -> finished.complete(System.nanoTime());
                case GuestRecord.Ready _, GuestRecord.Output _, GuestRecord.Broke _ -> {}
            }
        }
    }

    @Override
    public void close() {
        launcher.close();
    }
}
