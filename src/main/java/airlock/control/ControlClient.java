package airlock.control;

import airlock.control.CommandHandler.Entrance;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Consumer;

/// The command line's end of the control socket.
public final class ControlClient {
    private final Path socket;

    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /// Sends `command` and hands each line of the answer to `replies`, the last one included.
    ///
    /// @throws ControlException if no server answers
    public void send(Command command, Consumer<Reply> replies) {
        try (var channel = connect()) {
            var lines = new ControlLines(channel);
            lines.write(command);
            while (true) {
                var reply = next(lines, "the server went away before it had answered");
                replies.accept(reply);
                if (reply instanceof Reply.Done || reply instanceof Reply.Problem) {
                    return;
                }
            }
        } catch (IOException e) {
            throw noServer(e);
        }
    }

    /// Asks for a shell and waits for it; the caller closes its console.
    ///
    /// @param notes hear what the server says meanwhile
    /// @throws ControlException if no server answers
    public Entrance enter(Command.Shell command, Consumer<String> notes) {
        var channel = connect();
        var line = new ShellLine(channel, new ControlLines(channel));
        boolean opened = false;
        try {
            var entrance = entrance(line, command, notes);
            opened = entrance instanceof Entrance.Open;
            return entrance;
        } finally {
            if (!opened) {
                line.close();
            }
        }
    }

    private static Entrance entrance(
            ShellLine line, Command.Shell command, Consumer<String> notes) {
        line.lines().write(command);
        while (true) {
            switch (next(line.lines(), ShellLine.GONE)) {
                case Reply.Entered entered -> {
                    return new Entrance.Open(entered, line);
                }
                case Reply.Problem(String why) -> {
                    return new Entrance.Shut(why);
                }
                case Reply.Done(String note) -> notes.accept(note);
                case Reply other ->
                        throw new ControlException("unexpected answer to vm shell: " + other);
            }
        }
    }

    private static Reply next(ControlLines lines, String gone) {
        return lines.next(Reply.class).orElseThrow(() -> new ControlException(gone));
    }

    private SocketChannel connect() {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw noServer(e);
        }
    }

    private ControlException noServer(IOException why) {
        return new ControlException(
                "no server answers at "
                        + socket
                        + "; is `airlock serve` running with this configuration?",
                why);
    }
}
