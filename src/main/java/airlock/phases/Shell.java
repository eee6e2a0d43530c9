package airlock.phases;

import airlock.event.Phase;
import airlock.uplink.Terminal;
import java.time.Instant;
import java.util.function.Supplier;

/// A person's shell in a VM.
///
/// - Ownership: whoever has it closes it; a fresh machine ends with it, one that is kept stays.
///
/// @param kept whether it is the phase's own machine, kept since it failed; else a fresh one
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

    /// What came of wanting one.
    public sealed interface Opening {
        /// It is there.
        record Opened(Shell shell) implements Opening {}

        /// There is none.
        ///
        /// @param why for people
        record Refused(String why) implements Opening {}
    }
}
