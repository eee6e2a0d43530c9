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
}
