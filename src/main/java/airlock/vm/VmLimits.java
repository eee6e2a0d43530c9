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
}
