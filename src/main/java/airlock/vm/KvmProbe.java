package airlock.vm;

import airlock.text.SafeText;
import airlock.vm.VmLeftovers.RunMarker;
import airlock.vm.VmModel.DriveSlots;
import airlock.vm.VmModel.VmShape;
import airlock.vm.VmSpec.VmLimits;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Finds whether KVM works by booting the real kernel with it to the gate: on some hosts `/dev/kvm`
/// opens and every kernel dies in it. After an internal error, a silent hang or an early exit VMs
/// are emulated, and the reason is remembered for this boot of the host, this QEMU and this kernel.
/// Whether the device can be opened is checked each time, since operators repair that.
public final class KvmProbe {
    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");
    private static final Duration BOOT = Duration.ofSeconds(20);
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final String WORKS = "works";
    private static final String TURN_ON =
            "VMs are emulated, which is slow: turn on virtualization in the firmware, or nested"
                    + " virtualization if this is a VM; `accelerator: tcg` accepts emulation";

    private final Path memory;
    private final QemuSandbox cage;
    private final Path device;
    private final Duration limit;

    /// Uses the default device and time limit.
    ///
    /// @param memory the file that remembers the result
    public KvmProbe(Path memory, QemuSandbox cage) {
        this(memory, cage, DEVICE, BOOT);
    }

    KvmProbe(Path memory, QemuSandbox cage, Path device, Duration limit) {
        this.memory = memory;
        this.cage = cage;
        this.device = device;
        this.limit = limit;
    }

    /// The accelerator that works.
    ///
    /// @param cure how to make KVM work; empty if it works, or is not wanted
    public record Found(Accelerator accelerator, String why, String cure) {
        public String describe() {
            return accelerator + ": " + why + (cure.isEmpty() ? "" : "; " + cure);
        }
    }

    /// Boots a VM, unless the result is remembered.
    public Found find(Function<Accelerator, VmHost> hosts, BootFiles boot)
            throws InterruptedException {
        var closed = closed();
        if (closed.isPresent()) {
            return closed.orElseThrow();
        }
        try {
            String key = key(boot);
            String seen = remembered(key);
            if (seen.isEmpty()) {
                seen = SafeText.line(look(hosts, boot), SafeText.SAID);
                Files.writeString(memory, key + "\n" + seen + "\n");
            }
            return found(seen);
        } catch (IOException e) {
            throw new VmException("cannot look whether KVM works: " + e, e);
        }
    }

    /// Why the user that VMs run as can't open the device; empty if it can. Starts no VM.
    public Optional<Found> closed() throws InterruptedException {
        if (!Files.exists(device)) {
            return Optional.of(emulated("there is no " + device, TURN_ON));
        }
        String cure =
                cage.newUser().isPresent()
                        ? "chgrp kvm %1$s && chmod 660 %1$s".formatted(device)
                        : "add this user to the device's group, and log in again: adduser %s kvm"
                                .formatted(System.getProperty("user.name"));
        return cage.refuses(device)
                .map(
                        why ->
                                emulated(
                                        "%s can't be opened by the user that VMs run as (%s)"
                                                .formatted(
                                                        device, SafeText.line(why, SafeText.SAID)),
                                        cure));
    }

    private static Found found(String seen) {
        return seen.equals(WORKS)
                ? new Found(Accelerator.KVM, "KVM booted the image's kernel", "")
                : emulated(seen, TURN_ON);
    }

    private static Found emulated(String why, String cure) {
        return new Found(Accelerator.TCG, "KVM does not work here: " + why, cure);
    }

    private String look(Function<Accelerator, VmHost> hosts, BootFiles boot)
            throws IOException, InterruptedException {
        Path console = Files.createTempFile("airlock-kvm", ".console");
        var spec =
                new VmSpec(
                        "kvm-probe",
                        new VmModel(boot, new VmShape(1, 512, DriveSlots.standard())),
                        List.of(),
                        Map.of(),
                        Set.of(),
                        console,
                        new VmLimits(limit, TIME, TIME, GuestLimits.NONE, 1 << 16, 1 << 20),
                        Optional.empty());
        try (var vm = hosts.apply(Accelerator.KVM).start(spec, _ -> {})) {
            return word(vm.await());
        } finally {
            Files.deleteIfExists(console);
        }
    }

    private static String word(VmEnd end) {
        return switch (end) {
            case VmEnd.Finished _ -> WORKS;
            case VmEnd.TimedOut(var limit) -> "the guest hung for " + limit.toSeconds() + " s";
            case VmEnd.Cancelled(var reason) -> reason;
            case VmEnd.OverLimit(_, var detail) -> detail;
            case VmEnd.GuestDied(var detail) -> detail;
            case VmEnd.HostFailed(var detail) -> detail;
        };
    }

    private static String key(BootFiles boot) throws IOException {
        long qemu = Files.exists(QEMU) ? Files.getLastModifiedTime(QEMU).toMillis() : 0;
        return RunMarker.bootId() + " " + qemu + " " + boot.start().files().getFirst();
    }

    private String remembered(String key) {
        try {
            var lines = Files.exists(memory) ? Files.readAllLines(memory) : List.<String>of();
            return lines.size() == 2 && lines.getFirst().equals(key) ? lines.get(1) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
