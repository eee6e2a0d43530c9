package airlock.control;

import java.util.function.Consumer;

/// Does what a command says.
@FunctionalInterface
public interface CommandHandler {
    /// Answers `command` line by line into `replies`; the last one is a [Reply.Done] or a
    /// [Reply.Problem]. Runs on a thread of its own and may take as long as the caller listens.
    ///
    /// @param who the name of the user at the other end, from the kernel
    void handle(Command command, String who, Consumer<Reply> replies) throws InterruptedException;

    /// Lets a person into a machine, or says why not.
    ///
    /// @param who as above
    /// @param notes hear what takes long meanwhile
    default Entrance enter(Command.Shell shell, String who, Consumer<String> notes)
            throws InterruptedException {
        return new Entrance.Shut("this server has no machines to enter");
    }

    /// What comes of wanting to be in a machine.
    sealed interface Entrance {
        /// Let in; whoever gets the console closes it.
        record Open(Reply.Entered entered, Console console) implements Entrance {}

        /// Not let in.
        ///
        /// @param why for people
        record Shut(String why) implements Entrance {}
    }
}
