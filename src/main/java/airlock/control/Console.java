package airlock.control;

/// A shell in a VM, seen from its user.
///
/// - Threads: one sends while another hears; any thread may close it.
/// - Ownership: the receiver closes it, which ends the shell.
/// - Failures: a VM that fails is reported as [Heard.Lost], not thrown.
public interface Console extends AutoCloseable {
    /// Sends keys; waits while the shell does not read them. Does nothing once the shell has ended.
    void keys(byte[] bytes) throws InterruptedException;

    /// Sets the size of the terminal's window.
    void resize(int columns, int rows) throws InterruptedException;

    /// Tells the shell that its input has ended.
    void endOfKeys() throws InterruptedException;

    /// Waits for the next output or the end. After the end, returns it again.
    Heard hear() throws InterruptedException;

    /// Ends the shell, if it still runs.
    @Override
    void close();

    /// Output of a shell, or its end.
    sealed interface Heard {
        /// Hostile bytes.
        record Output(byte[] bytes) implements Heard {}

        /// The shell exited.
        record Exited(int code) implements Heard {}

        /// The shell is gone without an exit code, for the reason `why`.
        record Lost(String why) implements Heard {}
    }
}
