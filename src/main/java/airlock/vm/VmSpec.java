package airlock.vm;

import airlock.vm.VmModel.VmShape;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A virtual machine to start.
///
/// @param name unique on this host while the VM lives: 1 to 60 of `a-z`, `0-9`, `-`
/// @param contents input drives; a missing one is empty. Not the plan's drive, which holds `steps`,
///     nor the scratch disk
/// @param writable drives that the guest may write, besides the scratch disk; not the secrets
/// @param console file for the kernel's console, in an existing directory
/// @param uplink serves the uplink port; without it the guest has no network
public record VmSpec(
        String name,
        VmModel model,
        List<Step> steps,
        Map<Drive, DriveContent> contents,
        Set<Drive> writable,
        Path console,
        VmLimits limits,
        Optional<PortServer> uplink) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,60}");
    private static final Set<Drive> MADE_HERE = Set.of(Drive.PLAN, Drive.SCRATCH);
    private static final Set<Drive> READ_ONLY = Set.of(Drive.PLAN, Drive.SOURCE, Drive.SECRETS);

    private static final int OWN_SYSTEM = 4;

    public VmSpec {
        steps = List.copyOf(steps);
        contents = Map.copyOf(contents);
        writable = Set.copyOf(writable);
        require(NAME.matcher(name).matches(), "a VM cannot be called '" + name + "'");
        for (Drive drive : contents.keySet()) {
            require(!MADE_HERE.contains(drive), drive.node() + " is filled by the VM's host");
        }
        for (Drive drive : writable) {
            require(!READ_ONLY.contains(drive), drive.node() + " is never writable");
        }
    }

    public BootFiles boot() {
        return model.boot();
    }

    public VmShape shape() {
        return model.shape();
    }

    /// The time limit of the boot. A cloud image starts dozens of programs first, and waits for a
    /// network that does not exist.
    Duration bootTime() {
        return switch (boot().start()) {
            case BootFiles.Start.Kernel _ -> limits.boot();
            case BootFiles.Start.Loader _ -> limits.boot().multipliedBy(OWN_SYSTEM);
        };
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /// The content at the start of an input drive; zeros follow.
    public sealed interface DriveContent {
        record Copy(Path file) implements DriveContent {}

        record Bytes(byte[] bytes) implements DriveContent {}
    }

    /// Serves the host's end of a VM's uplink port, where root in the guest can send anything.
    @FunctionalInterface
    public interface PortServer {
        /// Serves until the port is closed, when the VM ends.
        void serve(InputStream in, OutputStream out);

        /// Stops all waiting for anything but the guest: the port was closed.
        default void over() {}
    }

    /// A VM's limits.
    ///
    /// @param boot from the start until the gate is ready; exceeding it is the host's failure
    /// @param time from the line that opens the gate to the final record
    /// @param cpuTime CPU time of QEMU, all threads together, over the same time
    /// @param guest for its steps
    /// @param consoleBytes most bytes of the console that are kept; the rest is dropped
    /// @param logBytes most bytes over the log port; more ends the VM
    public record VmLimits(
            Duration boot,
            Duration time,
            Duration cpuTime,
            GuestLimits guest,
            long consoleBytes,
            long logBytes) {
        private static final Duration BOOT = Duration.ofMinutes(3);
        private static final Duration CPU_TIME = Duration.ofDays(7);
        private static final GuestLimits GUEST = GuestLimits.ofProcesses(4096);
        private static final long CONSOLE = 1 << 20;
        private static final long LOG = 64 << 20;

        public VmLimits {
            require(
                    boot.isPositive()
                            && time.isPositive()
                            && cpuTime.isPositive()
                            && consoleBytes >= 0
                            && logBytes > 0,
                    "limits must be positive: boot %s, time %s, CPU time %s, console %d bytes, log %d bytes"
                            .formatted(boot, time, cpuTime, consoleBytes, logBytes));
        }

        public static VmLimits standard(Duration time) {
            return new VmLimits(BOOT, time, CPU_TIME, GUEST, CONSOLE, LOG);
        }

        /// Limits for all steps of a VM together, enforced by the guest's kernel. A malicious guest
        /// can ignore them; they are for plans that limit themselves and for operators of honest
        /// plans.
        ///
        /// @param processes processes and threads at the same time, 0 for any number
        /// @param memory bytes, 0 for all of the VM's
        /// @param scratch bytes of `/ci`, 0 for all of it
        public record GuestLimits(int processes, long memory, long scratch) {
            public static final GuestLimits NONE = new GuestLimits(0, 0, 0);

            public GuestLimits {
                require(
                        processes >= 0 && memory >= 0 && scratch >= 0,
                        "negative limits: %d processes, %d and %d bytes"
                                .formatted(processes, memory, scratch));
            }

            public static GuestLimits ofProcesses(int most) {
                return new GuestLimits(most, 0, 0);
            }
        }
    }
}
