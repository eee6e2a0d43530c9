package airlock.vm;

import airlock.program.Ending;
import airlock.text.SafeText;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Decides from what is heard of a VM how it ends. Several things are often heard of one end, in
/// any order: a guest that resets closes the log, tells an event and ends the process. So some
/// signals only make an end likely; it is settled when everything is quiet.
final class VmWatch {
    /// How long the other signals of one end may take.
    static final Duration GRACE = Duration.ofSeconds(2);

    private final VmSpec spec;
    private Stage stage = Stage.BOOTING;
    private Optional<VmEnd> likely = Optional.empty();
    private Proof proof = Proof.NONE;
    private boolean stepBegan;
    private boolean logClosed;
    private boolean exited;
    private Duration kept = Duration.ZERO;

    VmWatch(VmSpec spec) {
        this.spec = spec;
    }

    /// Where the VM is on its way; each has a limit.
    enum Stage {
        BOOTING,
        RUNNING,
        /// Its work is done; it stays for a person.
        KEPT,
        SETTLING
    }

    /// What a likely end is concluded from; a later one replaces those before it.
    private enum Proof {
        NONE,
        /// A record that makes no sense: a guest that lies, or a port that closed in the middle.
        LOG,
        /// QEMU's process is gone.
        EXIT,
        /// QEMU told that the guest did it.
        GUEST,
        /// QEMU told that the host did it.
        HOST,
        /// QEMU stands still.
        STANDSTILL,
        /// QEMU told which disk failed.
        DISK
    }

    Stage stage() {
        return stage;
    }

    /// How long the stage may last.
    Duration limit() {
        return switch (stage) {
            case BOOTING -> spec.bootTime();
            case RUNNING -> spec.limits().time();
            case KEPT -> kept;
            case SETTLING -> GRACE;
        };
    }

    /// Takes a signal; gives the end once it is certain.
    Optional<VmEnd> hear(VmSignal signal) {
        return switch (signal) {
            case VmSignal.GateOpened() -> {
                stage = stage == Stage.BOOTING ? Stage.RUNNING : stage;
                yield settled();
            }
            case VmSignal.StepBegan() -> {
                stepBegan = true;
                yield settled();
            }
            case VmSignal.Finished(var record) -> Optional.of(finished(record));
            case VmSignal.Broke(var detail) ->
                    Optional.of(died("the guest program could not do its work: " + detail));
            case VmSignal.BadLog(var reason) ->
                    likely(died("the guest sent no valid record: " + reason), Proof.LOG);
            case VmSignal.LogClosed() -> {
                logClosed = true;
                yield settled();
            }
            case VmSignal.Flooded(var limit) ->
                    Optional.of(
                            new VmEnd.OverLimit(
                                    VmEnd.Limited.LOG,
                                    "the log became longer than %,d bytes".formatted(limit)));
            case VmSignal.CpuTimeSpent(var limit) ->
                    Optional.of(
                            new VmEnd.OverLimit(
                                    VmEnd.Limited.CPU_TIME,
                                    "took more CPU time than %d s".formatted(limit.toSeconds())));
            case VmSignal.ListenerFailed(var detail) ->
                    Optional.of(new VmEnd.HostFailed("the log could not be kept: " + detail));
            case VmSignal.QemuTold(var event, var data) -> told(event, data);
            case VmSignal.Stopped(var status) -> stopped(status);
            case VmSignal.Exited(var code, var errors) -> exited(code, errors);
            case VmSignal.KeepAsked(var most) -> keep(most);
            case VmSignal.PauseAsked _ -> settled();
            case VmSignal.CancelAsked(var reason) -> Optional.of(new VmEnd.Cancelled(reason));
            case VmSignal.Late() -> Optional.of(late());
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

    /// Before the first step nothing but our own program has run in the guest.
    private VmEnd died(String detail) {
        return stepBegan ? new VmEnd.GuestDied(detail) : new VmEnd.HostFailed(detail);
    }

    /// A VM that the guest shut down stands still too; that is told by its own event.
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
}
