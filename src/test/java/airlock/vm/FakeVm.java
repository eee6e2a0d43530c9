package airlock.vm;

import airlock.base.Hash;
import airlock.sandbox.Confinement;
import airlock.vm.GuestRecord.StepEnd;
import airlock.vm.GuestRecord.Usage;
import airlock.vm.Vm.VmTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The [Vm] of a [FakeVmHost].
final class FakeVm implements Vm {
    private static final Usage USAGE = new Usage(1000, 1000, 1024);

    private final CompletableFuture<VmEnd> end = new CompletableFuture<>();
    private final Map<Drive, byte[]> packed = new HashMap<>();
    private final AtomicLong logged = new AtomicLong();
    private final VmSpec spec;
    private final Consumer<GuestRecord> listener;

    FakeVm(VmSpec spec, Consumer<GuestRecord> listener) {
        this.spec = spec;
        this.listener = listener;
    }

    @Override
    public VmTimes times() {
        return new VmTimes(
                VmTimes.Beginning.BOOT,
                Map.of(
                        VmTimes.Part.BOOT, Duration.ofMillis(30),
                        VmTimes.Part.WORK, Duration.ofMillis(60),
                        VmTimes.Part.END, Duration.ofMillis(10)));
    }

    void end(VmEnd how) {
        end.complete(how);
    }

    /// Stops the guest's thread when its VM is over.
    private static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    void run(Map<Drive, byte[]> drives) {
        try {
            end.completeOnTimeout(
                    new VmEnd.TimedOut(spec.limits().time()),
                    spec.limits().time().toNanos(),
                    TimeUnit.NANOSECONDS);
            var guest = new FakeGuest(drives, spec.limits().guest(), this::tell);
            tell(new GuestRecord.Ready(1));
            steps(guest);
        } catch (Gone _) {
            // already signalled
        } catch (RuntimeException e) {
            end(new VmEnd.HostFailed("the listener failed: " + e));
        }
    }

    private void steps(FakeGuest guest) {
        var course = new Course();
        var sizes = new HashMap<String, Long>();
        for (int i = 0; i < spec.steps().size(); i++) {
            var step = spec.steps().get(i);
            if (!course.takes(step)) {
                continue;
            }
            tell(new GuestRecord.StepStarted(i, guest.now()));
            switch (guest.run(i, step.what())) {
                case FakeGuest.Outcome.Ended(var how) -> ended(i, how, guest, course);
                case FakeGuest.Outcome.Hangs() when step.timeout().isPresent() ->
                        ended(i, new StepEnd.TimedOut(), guest, course);
                case FakeGuest.Outcome.Hangs() -> {
                    return;
                }
                case FakeGuest.Outcome.Turns() -> {
                    end(tookTooMuch(spec.limits().cpuTime().toSeconds()));
                    return;
                }
                case FakeGuest.Outcome.PowersOff() -> {
                    end(new VmEnd.GuestDied("the guest powered off"));
                    return;
                }
            }
            if (step.what() instanceof GuestStep.Pack pack) {
                var drive = Drive.ofDevice(pack.device()).orElseThrow();
                packed.put(drive, guest.drive(drive));
                sizes.put(pack.device(), (long) guest.drive(drive).length);
            }
        }
        tell(new GuestRecord.Finished(course.passed, sizes, guest.now()));
        var lengths = new HashMap<Drive, Long>();
        packed.forEach((drive, bytes) -> lengths.put(drive, (long) bytes.length));
        end(new VmEnd.Finished(course.passed, lengths));
    }

    private void ended(int index, StepEnd how, FakeGuest guest, Course course) {
        tell(new GuestRecord.StepEnded(index, how, USAGE, guest.now()));
        course.ended(spec.steps().get(index), how);
    }

    /// The outcome of the steps so far, which decides which steps run.
    private static final class Course {
        private boolean passed = true;
        private boolean followed = true;
        private boolean stopped;

        boolean takes(Step step) {
            followed =
                    step.what() instanceof GuestStep.Terminal terminal
                            ? !(passed && terminal.onlyAfterFailure()) && runs(step.when())
                            : !stopped && runs(step.when());
            return followed;
        }

        private boolean runs(Step.When when) {
            return switch (when) {
                case PASSED, SET_UP -> passed;
                case ALWAYS -> true;
                case FAILED -> !passed;
                case FOLLOWS -> followed;
            };
        }

        void ended(Step step, StepEnd how) {
            followed = how.equals(new StepEnd.Exited(0));
            passed &= followed;
            stopped |= step.when() == Step.When.SET_UP && !followed;
        }
    }

    private static VmEnd tookTooMuch(long seconds) {
        return new VmEnd.OverLimit(
                VmEnd.Limited.CPU_TIME, "took more CPU time than %d s".formatted(seconds));
    }

    private void tell(GuestRecord record) {
        if (record instanceof GuestRecord.Output output
                && logged.addAndGet(output.bytes().length) > spec.limits().logBytes()) {
            end(
                    new VmEnd.OverLimit(
                            VmEnd.Limited.LOG,
                            "more log than " + spec.limits().logBytes() + " bytes"));
        }
        if (end.isDone()) {
            throw new Gone();
        }
        listener.accept(record);
    }

    @Override
    public Isolation isolation() {
        return new Isolation(Accelerator.TCG, new Confinement(Map.of()));
    }

    @Override
    public CompletableFuture<VmEnd> end() {
        return end;
    }

    @Override
    public void keep(Duration most) {
        end.completeOnTimeout(new VmEnd.TimedOut(most), most.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void cancel(String reason) {
        end(new VmEnd.Cancelled(reason));
    }

    @Override
    public void takeSystem(Path target) {
        throw new IllegalStateException("it has no system disk");
    }

    @Override
    public Archive take(Drive drive, Path target) {
        if (!(end.getNow(new VmEnd.HostFailed("runs")) instanceof VmEnd.Finished finished)
                || !finished.packed().containsKey(drive)) {
            throw new IllegalStateException("nothing was packed onto " + drive.node());
        }
        byte[] bytes = packed.getOrDefault(drive, new byte[0]);
        try {
            Files.write(target, bytes);
            return new Archive(target, bytes.length, Hash.sha256(bytes));
        } catch (IOException e) {
            throw new VmException("cannot write " + target, e);
        }
    }

    @Override
    public void close() {
        cancel("closed");
    }
}
