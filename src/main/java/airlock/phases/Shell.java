package airlock.phases;

import airlock.event.Phase;
import airlock.uplink.Terminal;
import java.time.Instant;
import java.util.function.Supplier;

/// A person's shell in a VM. The owner closes it; then a fresh machine ends, and a kept one stays.
///
/// @param kept whether it is the machine of a failed phase, not a fresh one
/// @param until when the machine ends at the latest
/// @param gone why the machine has ended, for people; empty while it has not
/// @param left called once when it is closed
public record Shell(
        Phase phase,
        boolean kept,
        Instant until,
        Terminal terminal,
        Supplier<String> gone,
        Runnable left)
        implements AutoCloseable {
    @Override
    public void close() {
        terminal.close();
        left.run();
    }

    public sealed interface Opening {
        record Opened(Shell shell) implements Opening {}

        record Refused(String why) implements Opening {}
    }
}
