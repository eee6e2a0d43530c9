package airlock.control;

/// A shell in a VM, seen from its user.
///
/// - Threads: one sends while another hears; any thread may close it.
/// - Ownership: the receiver closes it, which ends the shell.
/// - Failures: a VM that fails is reported as [Heard.Lost], not thrown.
public interface Console extends AutoCloseable {
    /// Sends keys and the like; waits while the shell does not read keys. Does nothing once the
    /// shell has ended.
    void send(Input input) throws InterruptedException;

    /// Waits for the next output or the end. After the end, returns it again.
    Heard hear() throws InterruptedException;

    /// Ends the shell, if it still runs.
    @Override
    void close();

    /// What the user of a shell sends.
    sealed interface Input {
        record Keys(byte[] bytes) implements Input {}

        /// The size of the terminal's window, 1 to 65,535 each.
        record Size(int columns, int rows) implements Input {
            public Size {
                if (Math.min(columns, rows) < 1 || Math.max(columns, rows) > 0xffff) {
                    throw new IllegalArgumentException(
                            "a window of %d times %d".formatted(columns, rows));
                }
            }
        }

        /// The input has ended.
        record End() implements Input {}
    }

    /// Output of a shell, or its end.
    sealed interface Heard {
        /// Hostile bytes, at most 64 KiB.
        record Output(byte[] bytes) implements Heard {}

        /// The shell exited.
        record Exited(int code) implements Heard {}

        /// The shell is gone without an exit code, for the reason `why`.
        record Lost(String why) implements Heard {}
    }
}
