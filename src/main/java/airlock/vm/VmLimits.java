package airlock.vm;

import java.time.Duration;

/// What a VM may use of the host.
///
/// @param boot from the start until the gate is ready; a VM that is later is the host's failure
/// @param time from the line that opens the gate to the final record
/// @param consoleBytes most bytes of the console that are kept; the rest is read and dropped
/// @param logBytes most bytes that the guest may send over the log port; more ends the VM
public record VmLimits(Duration boot, Duration time, long consoleBytes, long logBytes) {
    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final long CONSOLE = 1 << 20;
    private static final long LOG = 64 << 20;

    public VmLimits {
        if (!boot.isPositive() || !time.isPositive() || consoleBytes < 0 || logBytes < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive: boot %s, time %s, console %d bytes, log %d bytes"
                            .formatted(boot, time, consoleBytes, logBytes));
        }
    }

    /// The usual limits with a time of one's own.
    public static VmLimits standard(Duration time) {
        return new VmLimits(BOOT, time, CONSOLE, LOG);
    }
}
