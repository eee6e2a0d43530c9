package airlock.control;

import java.util.function.Consumer;

/// Carries out commands.
@FunctionalInterface
public interface CommandHandler {
    /// Answers `command` line by line; the last reply is a [Reply.Done] or [Reply.Problem]. Runs on
    /// a thread of its own and may take as long as the client waits.
    ///
    /// @param who the client's user name, from the kernel
    void handle(Command command, String who, Consumer<Reply> replies) throws InterruptedException;

    /// Opens a shell in a VM.
    ///
    /// @param notes receives a line before each slow step
    default Entrance enter(Command.Shell shell, String who, Consumer<String> notes)
            throws InterruptedException {
        return new Entrance.Shut("this server has no machines to enter");
    }

    /// The outcome of [#enter].
    sealed interface Entrance {
        /// The shell is open; the caller closes the console.
        record Open(Reply.Entered entered, Console console) implements Entrance {}

        /// The shell was refused, for the reason `why`.
        record Shut(String why) implements Entrance {}
    }
}
