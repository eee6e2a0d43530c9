package airlock.control;

import airlock.control.CommandHandler.Entrance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Sends commands to the control socket.
public record ControlClient(Path socket) {
    private static final String GONE =
            "the server has gone, and the machine with it; its log may say why";

    /// Sends `command` and passes each line of the answer to `replies`, the last one included.
    ///
    /// @throws ControlException if no server answers
    public void send(Command command, Consumer<Reply> replies) {
        try (var lines = new ControlLines(connect())) {
            lines.write((Record) command);
            Reply reply;
            do {
                reply = next(lines, "the server went away before it had answered");
                replies.accept(reply);
            } while (!(reply instanceof Reply.Done || reply instanceof Reply.Problem));
        }
    }

    /// Opens a shell; the caller closes its console.
    ///
    /// @param notes receives a line before each slow step of the server
    /// @throws ControlException if no server answers
    public Entrance enter(Command.Shell command, Consumer<String> notes) {
        var lines = new ControlLines(connect());
        boolean opened = false;
        try {
            var entrance = entrance(lines, command, notes);
            opened = entrance instanceof Entrance.Open;
            return entrance;
        } finally {
            if (!opened) {
                lines.close();
            }
        }
    }

    private static Entrance entrance(
            ControlLines lines, Command.Shell command, Consumer<String> notes) {
        lines.write((Record) command);
        while (true) {
            switch (next(lines, GONE)) {
                case Reply.Entered entered -> {
                    return new Entrance.Open(entered, new ShellLine(lines));
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
            throw new ControlException(
                    "no server answers at "
                            + socket
                            + "; is `airlock serve` running with this configuration?",
                    e);
        }
    }

    /// The client's end of a shell.
    private record ShellLine(ControlLines lines) implements Console {
        @Override
        public void send(Input input) {
            synchronized (lines) {
                try {
                    lines.write((Record) input);
                } catch (UncheckedIOException _) {
                    // hear() reports that the server has gone
                }
            }
        }

        @Override
        public Heard hear() {
            try {
                Heard heard;
                do {
                    heard = lines.next(Heard.class).orElse(new Heard.Lost(GONE));
                } while (heard instanceof Heard.Output(byte[] bytes) && bytes.length == 0);
                return heard;
            } catch (ControlException | UncheckedIOException _) {
                return new Heard.Lost(GONE);
            }
        }

        @Override
        public void close() {
            lines.close();
        }
    }
}
