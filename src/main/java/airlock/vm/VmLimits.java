package airlock.vm;

import java.time.Duration;

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
        if (!boot.isPositive()
                || !time.isPositive()
                || !cpuTime.isPositive()
                || consoleBytes < 0
                || logBytes < 1) {
            throw new IllegalArgumentException(
                    ("limits must be positive: boot %s, time %s, CPU time %s,"
                                    + " console %d bytes, log %d bytes")
                            .formatted(boot, time, cpuTime, consoleBytes, logBytes));
        }
    }

    public static VmLimits standard(Duration time) {
        return new VmLimits(BOOT, time, CPU_TIME, GUEST, CONSOLE, LOG);
    }

    /// Limits for all steps of a VM together, enforced by the guest's kernel. A malicious guest can
    /// ignore them; they are for plans that limit themselves and for operators of honest plans.
    ///
    /// @param processes processes and threads at the same time, 0 for any number
    /// @param memory bytes, 0 for all of the VM's
    /// @param scratch bytes of `/ci`, 0 for all of it
    public record GuestLimits(int processes, long memory, long scratch) {
        public static final GuestLimits NONE = new GuestLimits(0, 0, 0);

        public GuestLimits {
            if (processes < 0 || memory < 0 || scratch < 0) {
                throw new IllegalArgumentException(
                        "negative limits: %d processes, %d and %d bytes"
                                .formatted(processes, memory, scratch));
            }
        }

        public static GuestLimits ofProcesses(int most) {
            return new GuestLimits(most, 0, 0);
        }
    }
}
