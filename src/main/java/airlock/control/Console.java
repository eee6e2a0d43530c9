package airlock.control;

/// A shell in a virtual machine, seen from the person who is in it.
///
/// - Threads: one sends while another one takes what is heard; anybody may close it.
/// - Ownership: whoever was given it closes it, which ends the shell.
/// - Failures: none is thrown for what the machine does; [Heard.Lost] tells of it.
public interface Console extends AutoCloseable {
    /// Types keys; waits while the shell does not read them. Does nothing once it is over.
    void keys(byte[] bytes) throws InterruptedException;

    /// Tells it how large the person's window is.
    void resize(int columns, int rows) throws InterruptedException;

    /// There are no more keys: what a shell makes of the end of its input.
    void endOfKeys() throws InterruptedException;

    /// Waits for what it says next. After its end, says that again.
    Heard hear() throws InterruptedException;

    /// Ends the shell, if it still runs.
    @Override
    void close();

    /// What a shell says.
    sealed interface Heard {
        /// It wrote something: hostile bytes.
        record Output(byte[] bytes) implements Heard {}

        /// It ended; nothing more is heard.
        record Exited(int code) implements Heard {}

        /// It is gone without an end of its own; nothing more is heard.
        ///
        /// @param why one line for people
        record Lost(String why) implements Heard {}
    }
}
