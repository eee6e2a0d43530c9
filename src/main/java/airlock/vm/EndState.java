package airlock.vm;

import airlock.program.Ending;
import airlock.text.SafeText;
import airlock.vm.QemuMonitor.QemuFailure;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Decides from a VM's signals how it ends. One end often causes several signals, in any order: a
/// guest that resets closes the log, causes an event and ends the process. So some signals only
/// make an end likely; it is final when log and process have ended.
final class EndState {
    /// How long to wait for the other signals of an end.
    static final Duration GRACE = Duration.ofSeconds(2);

    private final VmSpec spec;
    private Stage stage = Stage.BOOTING;
    private Optional<VmEnd> likely = Optional.empty();
    private Proof proof = Proof.NONE;
    private boolean stepBegan;
    private boolean logClosed;
    private boolean exited;
    private Duration kept = Duration.ZERO;

    EndState(VmSpec spec) {
        this.spec = spec;
    }

    enum Stage {
        BOOTING,
        RUNNING,
        /// Its work is done; a person uses it.
        KEPT,
        SETTLING
    }

    /// The reason for a likely end; a later one in this order replaces an earlier one.
    private enum Proof {
        NONE,
        /// An invalid record: a malicious guest, or a port that closed in the middle.
        LOG,
        EXIT,
        /// An event that says that the guest did it.
        GUEST,
        /// An event that says that the host did it.
        HOST,
        /// QEMU has stopped the guest.
        STANDSTILL,
        /// An event that names the failed disk.
        DISK
    }

    Stage stage() {
        return stage;
    }

    Duration limit() {
        return switch (stage) {
            case BOOTING -> spec.bootTime();
            case RUNNING -> spec.limits().time();
            case KEPT -> kept;
            case SETTLING -> GRACE;
        };
    }

    Optional<VmEnd> hear(VmSignal signal) {
        return switch (signal) {
            case VmSignal.Heard(var record) -> heard(record);
            case VmSignal.BadLog(var reason) ->
                    likely(died("the guest sent no valid record: " + reason), Proof.LOG);
            case VmSignal.LogClosed() -> {
                logClosed = true;
                yield settled();
            }
            case VmSignal.Ended(var end) -> Optional.of(end);
            case VmSignal.QemuTold(var event, var data) -> told(event, data);
            case VmSignal.Stopped(var status) -> stopped(status);
            case VmSignal.Exited(var code, var errors) -> exited(code, errors);
            case VmSignal.KeepAsked(var most) -> keep(most);
            case VmSignal.PauseAsked _ -> settled();
            case VmSignal.CancelAsked(var reason) -> Optional.of(new VmEnd.Cancelled(reason));
            case VmSignal.Late() -> Optional.of(late());
        };
    }

    private Optional<VmEnd> heard(GuestRecord record) {
        return switch (record) {
            case GuestRecord.Ready _ -> {
                stage = stage == Stage.BOOTING ? Stage.RUNNING : stage;
                yield settled();
            }
            case GuestRecord.StepStarted _ -> {
                stepBegan = true;
                yield settled();
            }
            case GuestRecord.Output _, GuestRecord.StepEnded _ -> settled();
            case GuestRecord.Finished finished -> Optional.of(finished(finished));
            case GuestRecord.Broke(var detail, _) ->
                    Optional.of(
                            died(
                                    "the guest program could not do its work: "
                                            + SafeText.line(detail, SafeText.SAID)));
        };
    }

    private Optional<VmEnd> keep(Duration most) {
        kept = most;
        stage = stage == Stage.RUNNING ? Stage.KEPT : stage;
        return settled();
    }

    private VmEnd late() {
        return switch (stage) {
            case BOOTING ->
                    new VmEnd.HostFailed(
                            "the guest was not ready %d s after its start"
                                    .formatted(spec.bootTime().toSeconds()));
            case RUNNING -> new VmEnd.TimedOut(spec.limits().time());
            case KEPT -> new VmEnd.TimedOut(kept);
            case SETTLING -> likely.orElseGet(() -> new VmEnd.HostFailed("no end was heard of"));
        };
    }

    private Optional<VmEnd> exited(int code, String errors) {
        exited = true;
        return likely(new VmEnd.HostFailed(new Ending("QEMU", code, errors).words()), Proof.EXIT);
    }

    private Optional<VmEnd> told(String event, Map<String, String> data) {
        boolean byGuest = Boolean.parseBoolean(data.getOrDefault("guest", "false"));
        String reason = data.getOrDefault("reason", "no reason given");
        return switch (event) {
            case "SHUTDOWN" ->
                    byGuest
                            ? likely(died(words(reason)), Proof.GUEST)
                            : likely(new VmEnd.HostFailed("QEMU shut down: " + reason), Proof.HOST);
            case "RESET" -> byGuest ? likely(died(words(reason)), Proof.GUEST) : settled();
            case "GUEST_PANICKED" -> likely(died(words("guest-panic")), Proof.GUEST);
            case "BLOCK_IO_ERROR" -> likely(diskError(data), Proof.DISK);
            default -> settled();
        };
    }

    private static VmEnd diskError(Map<String, String> data) {
        boolean full = Boolean.parseBoolean(data.getOrDefault("nospace", "false"));
        return new VmEnd.HostFailed(
                "%s: drive %s could not %s: %s"
                        .formatted(
                                full ? "the host's disk is full" : "the host's disk failed",
                                data.getOrDefault("node-name", "?"),
                                data.getOrDefault("operation", "be used"),
                                data.getOrDefault("reason", "no reason given")));
    }

    private static String words(String reason) {
        return switch (reason) {
            case "guest-shutdown" -> "the guest powered off";
            case "guest-reset" -> "the guest reset itself";
            case "guest-panic" -> "the guest's kernel panicked";
            default -> "the guest shut down: " + reason;
        };
    }

    /// Before the first step only our own program has run in the guest.
    private VmEnd died(String detail) {
        return stepBegan ? new VmEnd.GuestDied(detail) : new VmEnd.HostFailed(detail);
    }

    /// A VM that the guest shut down is stopped too, but that has its own event.
    private Optional<VmEnd> stopped(String status) {
        if (stage == Stage.KEPT && status.equals("paused")) {
            return settled(); // as was asked
        }
        return switch (status) {
            case "running", "shutdown", "guest-panicked" -> settled();
            default ->
                    likely(
                            new VmEnd.HostFailed("QEMU stopped the VM: " + status),
                            Proof.STANDSTILL);
        };
    }

    private Optional<VmEnd> likely(VmEnd end, Proof by) {
        if (by.compareTo(proof) > 0) {
            likely = Optional.of(end);
            proof = by;
        }
        stage = Stage.SETTLING;
        return settled();
    }

    private Optional<VmEnd> settled() {
        return logClosed && exited ? likely : Optional.empty();
    }

    private VmEnd finished(GuestRecord.Finished record) {
        var packed = new EnumMap<Drive, Long>(Drive.class);
        for (var claim : record.packed().entrySet()) {
            var drive = Drive.ofDevice(claim.getKey());
            boolean ours = drive.filter(spec.writable()::contains).isPresent();
            long slot = drive.map(spec.shape().slots()::of).orElse(0L);
            if (!ours || claim.getValue() < 0 || claim.getValue() > slot) {
                return new VmEnd.GuestDied(
                        "the guest says that it packed %d bytes onto %s"
                                .formatted(
                                        claim.getValue(),
                                        SafeText.line(claim.getKey(), SafeText.SAID)));
            }
            packed.put(drive.orElseThrow(), claim.getValue());
        }
        return new VmEnd.Finished(record.passed(), packed);
    }

    /// Waits for the end of a running VM, and keeps its limits of time.
    record EndWaiter(
            VmSpec spec,
            EndState state,
            BlockingQueue<VmSignal> signals,
            QemuInstance qemu,
            ConsolePump console) {
        /// How often the CPU time is checked, in nanoseconds.
        private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

        VmEnd await() throws InterruptedException {
            var end = Optional.<VmEnd>empty();
            while (end.isEmpty()) {
                end = awaitStage();
            }
            return end.orElseThrow();
        }

        /// Empty if the VM has reached another stage.
        private Optional<VmEnd> awaitStage() throws InterruptedException {
            var stage = state.stage();
            long end = System.nanoTime() + state.limit().toNanos();
            var before = qemu.cpuTime();
            while (state.stage() == stage) {
                long left = end - System.nanoTime();
                var signal = signals.poll(Math.min(left, LOOK), TimeUnit.NANOSECONDS);
                var decided = signal == null ? timeSpent(left, before) : state.hear(done(signal));
                if (decided.isPresent()) {
                    return decided;
                }
            }
            return Optional.empty();
        }

        private Optional<VmEnd> timeSpent(long left, Duration cpuBefore) {
            if (left <= LOOK) {
                return state.hear(new VmSignal.Late());
            }
            // an image's own kernel halts after a panic instead of resetting; later than at boot
            // the
            // console may hold a step's output
            if (state.stage() == Stage.BOOTING && console.panic().isPresent()) {
                return state.hear(new VmSignal.QemuTold("GUEST_PANICKED", Map.of()));
            }
            // the CPU time of the boot is not the run's
            boolean counts =
                    switch (state.stage()) {
                        case BOOTING, SETTLING -> false;
                        case RUNNING, KEPT -> true;
                    };
            var limit = spec.limits().cpuTime();
            if (!counts || qemu.cpuTime().minus(cpuBefore).compareTo(limit) <= 0) {
                return Optional.empty();
            }
            String why = "took more CPU time than %d s".formatted(limit.toSeconds());
            return Optional.of(new VmEnd.OverLimit(VmEnd.Limited.CPU_TIME, why));
        }

        /// Pauses or resumes QEMU on request. A STOP event has no reason, so asks QEMU for it.
        private VmSignal done(VmSignal signal) throws InterruptedException {
            boolean pauses = signal instanceof VmSignal.PauseAsked && state.stage() == Stage.KEPT;
            try {
                if (pauses && signal.equals(new VmSignal.PauseAsked(true))) {
                    qemu.monitor().pause();
                } else if (pauses) {
                    qemu.monitor().run();
                } else if (signal instanceof VmSignal.QemuTold(var event, _)
                        && event.equals("STOP")) {
                    var values = qemu.monitor().execute("query-status");
                    return new VmSignal.Stopped(values.getOrDefault("status", "unknown"));
                }
                return signal;
            } catch (QemuFailure e) {
                // a QEMU that doesn't say its status is about to exit, which is signalled too
                return pauses ? new VmSignal.Stopped(e.why()) : signal;
            }
        }
    }

    /// An event of a running VM, from its log port, its monitor, its process or its users.
    sealed interface VmSignal {
        /// The listener has taken a record, and the gate is open if that is [GuestRecord.Ready]. A
        /// step that starts is signalled before the listener gets it; output and a step's end never
        /// are.
        record Heard(GuestRecord record) implements VmSignal {}

        /// The guest sent an invalid record, or the port could not be read.
        record BadLog(String reason) implements VmSignal {}

        record LogClosed() implements VmSignal {}

        /// The VM ends like this, whatever else is signalled.
        record Ended(VmEnd end) implements VmSignal {}

        record QemuTold(String event, Map<String, String> data) implements VmSignal {}

        record Stopped(String status) implements VmSignal {}

        record Exited(int code, String errors) implements VmSignal {}

        /// See [Vm#keep].
        record KeepAsked(Duration most) implements VmSignal {}

        /// See [Vm#pause] and [Vm#resume].
        record PauseAsked(boolean still) implements VmSignal {}

        /// See [Vm#cancel].
        record CancelAsked(String reason) implements VmSignal {}

        record Late() implements VmSignal {}
    }
}
