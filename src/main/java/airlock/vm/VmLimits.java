package airlock.vm;

import java.time.Duration;

/// What a VM may use of the host.
///
/// @param boot from the start until the gate is ready; a VM that is later is the host's failure
/// @param time from the line that opens the gate to the final record
/// @param cpuTime CPU time of QEMU, all threads together, over the same time
/// @param processes how many processes and threads a step may have at once; the guest's kernel
///     counts them, so a guest that lies has as many as it likes
/// @param consoleBytes most bytes of the console that are kept; the rest is read and dropped
/// @param logBytes most bytes that the guest may send over the log port; more ends the VM
public record VmLimits(
        Duration boot,
        Duration time,
        Duration cpuTime,
        int processes,
        long consoleBytes,
        long logBytes) {
    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final Duration CPU_TIME = Duration.ofDays(7);
    private static final int PROCESSES = 4096;
    private static final long CONSOLE = 1 << 20;
    private static final long LOG = 64 << 20;

    public VmLimits {
        if (!boot.isPositive()
                || !time.isPositive()
                || !cpuTime.isPositive()
                || processes < 1
                || consoleBytes < 0
                || logBytes < 1) {
            throw new IllegalArgumentException(
                    ("limits must be positive: boot %s, time %s, CPU time %s, %d processes,"
                                    + " console %d bytes, log %d bytes")
                            .formatted(boot, time, cpuTime, processes, consoleBytes, logBytes));
        }
    }

    /// The usual limits with a time of one's own.
    public static VmLimits standard(Duration time) {
        return new VmLimits(BOOT, time, CPU_TIME, PROCESSES, CONSOLE, LOG);
    }

    /// The same with another number of processes.
    VmLimits withProcesses(int most) {
        return new VmLimits(boot, time, cpuTime, most, consoleBytes, logBytes);
    }

    /// The same with another limit on CPU time.
    VmLimits withCpuTime(Duration most) {
        return new VmLimits(boot, time, most, processes, consoleBytes, logBytes);
    }

    /// The same with another limit on what comes over the log port.
    VmLimits withLog(long bytes) {
        return new VmLimits(boot, time, cpuTime, processes, consoleBytes, bytes);
    }
}
