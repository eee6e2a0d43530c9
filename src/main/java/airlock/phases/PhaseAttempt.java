package airlock.phases;

import airlock.event.Phase;
import airlock.phases.OpenedSecrets.MissingSecretException;
import airlock.phases.PhaseOrder.PlanNetwork;
import airlock.phases.PhaseRecorder.HostNotes;
import airlock.phases.PhaseRunner.PhaseWatch;
import airlock.plan.DriveRules;
import airlock.plan.PhaseSteps;
import airlock.results.Blob;
import airlock.results.Blobs.BlobMark;
import airlock.results.PhaseResult;
import airlock.results.PhaseTimes;
import airlock.results.RunLog;
import airlock.secrets.SecretStore.DriveFile;
import airlock.vm.Drive;
import airlock.vm.Step;
import airlock.vm.Vm;
import airlock.vm.Vm.VmTimes;
import airlock.vm.VmEnd;
import airlock.vm.VmException;
import airlock.vm.VmSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one VM for one phase: fills its drives, stores its records, keeps its outputs.
final class PhaseAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(PhaseAttempt.class);

    /// How often to check for a cancellation, which must take effect within a second.
    private static final Duration LOOK = Duration.ofMillis(500);

    private final PhaseParts parts;
    private final PhaseOrder order;
    private final Optional<String> reuseKey;
    private final RunLog log;
    private final PhaseWatch watch;
    private final PhaseSteps steps;
    private final PhaseRecorder recorder;
    private final HostNotes notes;

    /// The end of its VM; empty if it stays for a person.
    private final CompletableFuture<Optional<VmEnd>> left = new CompletableFuture<>();

    private volatile boolean gotLine;
    private boolean guestDied;

    /// @param reuseKey later runs find its dependencies by this key
    PhaseAttempt(
            PhaseParts parts,
            PhaseOrder order,
            Optional<String> reuseKey,
            RunLog log,
            PhaseWatch watch) {
        this.parts = parts;
        this.order = order;
        this.reuseKey = reuseKey;
        this.log = log;
        this.watch = watch;
        this.steps = steps(parts, order);
        this.recorder =
                new PhaseRecorder(
                        order,
                        steps.waitingForPerson(),
                        parts,
                        log,
                        this::beginNow,
                        () -> left.complete(Optional.empty()));
        this.notes = recorder.notes();
    }

    private static PhaseSteps steps(PhaseParts parts, PhaseOrder order) {
        var all =
                PhaseSteps.of(
                        order.plan(),
                        order.phase(),
                        PhaseUplink.guest(
                                PhaseUplink.isServed(order), order.network(), order.secrets()),
                        order.settings().destinations(),
                        parts.images().environment(order.image()));
        boolean checks =
                !all.isEmpty() && PhaseSteps.canCheckShells(parts.images().packages(order.image()));
        return checks ? all.checkingShells(order.plan(), order.phase()) : all;
    }

    /// Whether the guest vanished while QEMU was healthy.
    boolean guestDied() {
        return guestDied;
    }

    PhaseResult run() throws InterruptedException {
        var hindrance = order.hindrance();
        if (hindrance.isPresent()) {
            notes.close();
            return PhaseResult.failed(hindrance.get());
        }
        try {
            var secrets = OpenedSecrets.open(order, parts.stores().secrets());
            recorder.hide(secrets);
            return withUplink(secrets);
        } catch (MissingSecretException e) {
            return PhaseResult.broke(String.valueOf(e.getMessage()), false);
        } catch (IOException | RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                // the server stops, and a write was interrupted: not the phase's failure
                throw new InterruptedException("interrupted while a phase ran");
            }
            LOG.atWarn().setCause(e).addKeyValue("run", order.key().run()).log("a phase broke");
            return broke(String.valueOf(e.getMessage()));
        } finally {
            notes.close();
            force();
        }
    }

    /// A log that is not completely on disk doesn't change the phase's result.
    private void force() {
        try {
            log.force();
        } catch (UncheckedIOException e) {
            LOG.atWarn().setCause(e).addKeyValue("run", order.key().run()).log("a log may be cut");
        }
    }

    private static byte[] archive(List<DriveFile> files) {
        return files.isEmpty()
                ? new byte[0]
                : UstarFile.archive(
                        files.stream()
                                .map(it -> new UstarFile(it.name(), DriveFile.MODE, it.content()))
                                .toList());
    }

    private PhaseResult withUplink(OpenedSecrets secrets) throws IOException, InterruptedException {
        var uplink =
                new PhaseUplink(
                        PhaseUplink.isServed(order),
                        order.network(),
                        PlanNetwork.key(order),
                        secrets,
                        parts.waysOut()::open,
                        notes::add);
        try (uplink) {
            uplink.start(secrets.tokens(), parts.waysOut());
            return inVm(archive(secrets.drive()), uplink);
        }
    }

    private PhaseResult inVm(byte[] secrets, PhaseUplink uplink)
            throws IOException, InterruptedException {
        Files.createDirectories(parts.work());
        Path console =
                parts.work().resolve(order.key().run() + "." + order.phase().key() + ".console");
        var vm = new PhaseVm(order, parts.stores().blobs());
        vm.cuts().forEach(notes::add);
        PlanNetwork.of(order).notes().forEach(notes::add);
        var boot = parts.images().boot(order.image());
        parts.kept().makeRoom(order.settings().limits().memory());
        var way = uplink.way();
        if (!parts.kept().mayKeep() || order.secrets().fillsDrive()) {
            // no person may enter a machine that held a secret
            var spec = vm.spec(boot, steps, secrets, console, way.map(out -> out::serve));
            return run(vm, spec, uplink, Optional.empty());
        }
        var port = new ShellPort(way);
        var spec = vm.spec(boot, steps.waitingForPerson(), secrets, console, Optional.of(port));
        return run(vm, spec, uplink, Optional.of(port));
    }

    /// @param person lets a person into the VM if the phase fails; empty if that isn't allowed
    private PhaseResult run(
            PhaseVm phase, VmSpec spec, PhaseUplink uplink, Optional<ShellPort> person)
            throws IOException, InterruptedException {
        boolean stays = false;
        Vm vm = parts.host().start(spec, recorder);
        try {
            begun(vm);
            var found = await(vm, uplink);
            if (found.isEmpty()) {
                uplink.end();
                person.orElseThrow().turn();
            }
            recorder.over();
            parts.stores().records().took(order.key(), times(vm.times()));
            parts.stores().records().connected(order.key(), notes.masked(uplink.rows()));
            if (uplink.leak().isPresent()) {
                return PhaseResult.failed(notes.masked(uplink.leak().orElseThrow()));
            }
            if (found.isEmpty()) {
                parts.kept().keep(order.key(), vm, person.orElseThrow());
                stays = true;
                return PhaseResult.failed(recorder.failure().orElseThrow());
            }
            return ended(vm, found.orElseThrow(), phase);
        } finally {
            if (!stays) {
                vm.close();
            }
        }
    }

    private void begun(Vm vm) {
        String isolation = vm.isolation().describe();
        notes.add(order.phase().key() + ": " + isolation);
        var titles = steps.actions().stream().map(Step::title).toList();
        parts.stores().records().begun(order.key(), isolation, titles);
    }

    private PhaseTimes times(VmTimes vm) {
        var all = new LinkedHashMap<String, Duration>();
        vm.parts().forEach((part, time) -> all.put(word(part), time));
        all.putAll(recorder.times());
        return new PhaseTimes(word(vm.beginning()), all);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// Called when the gate is ready, before it gets its line. If the claim is lost, it must not
    /// get it; throwing ends the VM.
    private void beginNow() {
        if (!watch.ready()) {
            throw new VmException("the run is no longer this worker's");
        }
        gotLine = true;
        parts.stores().records().gotLine(order.key());
    }

    private Optional<VmEnd> await(Vm vm, PhaseUplink uplink) throws InterruptedException {
        var over = new CountDownLatch(1);
        var watcher = Thread.ofVirtual().name("phase-watch").start(() -> watch(vm, uplink, over));
        var waiter = Thread.ofVirtual().name("phase-end").start(() -> awaitEnd(vm));
        try {
            return left.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            waiter.interrupt();
            over.countDown();
            watcher.join();
        }
    }

    private void awaitEnd(Vm vm) {
        try {
            left.complete(Optional.of(vm.await()));
        } catch (InterruptedException _) {
            // its waiter has gone
        }
    }

    private void watch(Vm vm, PhaseUplink uplink, CountDownLatch over) {
        try {
            while (!over.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                uplink.leak().or(watch::endsBecause).ifPresent(vm::cancel);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PhaseResult ended(Vm vm, VmEnd end, PhaseVm phase) throws IOException {
        var limits = PhaseLimits.of(order);
        return switch (end) {
            case VmEnd.Finished finished -> finished(vm, finished, phase);
            case VmEnd.TimedOut late -> PhaseResult.timedOut(late.limit(), limits.ofTime());
            case VmEnd.Cancelled cancelled -> PhaseResult.cancelled(cancelled.reason());
            case VmEnd.OverLimit over -> PhaseResult.failed(limits.over(over));
            case VmEnd.GuestDied died -> {
                guestDied = mayRepeat();
                yield broke(died.detail());
            }
            case VmEnd.HostFailed failed -> broke(failed.detail());
        };
    }

    private PhaseResult finished(Vm vm, VmEnd.Finished finished, PhaseVm phase) throws IOException {
        if (!finished.passed()) {
            if (recorder.failedBeforeActions()) {
                parts.stores().blobs().forgetDependencies(order.key().run());
            }
            return PhaseResult.failed(recorder.failure().orElse("a step failed"));
        }
        var tooLarge = phase.tooLarge(finished.packed());
        if (tooLarge.isPresent()) {
            return PhaseResult.failed(tooLarge.orElseThrow());
        }
        boolean isPrivate = order.secrets().makesPrivate() || phase.readsPrivate();
        for (Drive drive : finished.packed().keySet()) {
            keep(vm, drive, isPrivate, phase.mark(drive, reuseKey));
        }
        return PhaseResult.passed();
    }

    private void keep(Vm vm, Drive drive, boolean isPrivate, BlobMark mark) throws IOException {
        String name = DriveRules.word(drive);
        Path file = parts.work().resolve(order.key().run() + "." + name + PhaseRunner.ON_ITS_WAY);
        if (!mark.isOffered()) {
            notes.add(name + " is not kept for later runs: `cache.write` does not let this one");
        }
        try {
            var archive = vm.take(drive, file);
            parts.stores()
                    .blobs()
                    .keep(
                            order.key(),
                            name,
                            new Blob(archive.file(), archive.sha256(), archive.bytes(), isPrivate),
                            mark);
        } finally {
            // keeping a file moves it
            Files.deleteIfExists(file);
        }
    }

    /// A phase that may have published is never repeated.
    private boolean mayRepeat() {
        return order.phase() != Phase.POST_PLAN || !gotLine;
    }

    private PhaseResult broke(String detail) {
        return mayRepeat()
                ? PhaseResult.broke(detail, true)
                : PhaseResult.broke("publishing was interrupted: " + detail, false);
    }
}
