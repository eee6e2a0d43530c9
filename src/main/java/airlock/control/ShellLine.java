package airlock.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/// The command line's end of a shell: what the person types goes in, what the shell says comes out.
/// One thread may send while another one hears.
public final class ShellLine implements Console {
    private static final String GONE =
            "the server has gone, and the machine with it; its log may say why";

    private final SocketChannel channel;
    private final ControlLines lines;
    private final ShellFrames frames;

    private ShellLine(SocketChannel channel, ControlLines lines) {
        this.channel = channel;
        this.lines = lines;
        this.frames = new ShellFrames(lines.rest());
    }

    /// What came of asking for a shell.
    public sealed interface Opening {
        /// The person is in; who has the line closes it.
        record Opened(Reply.Entered entered, ShellLine line) implements Opening {}

        /// There is none.
        ///
        /// @param why for people
        record Refused(String why) implements Opening {}
    }

    /// Asks the server at `socket` for a shell and waits for it.
    ///
    /// @param notes hear what the server tells meanwhile
    /// @throws ControlException where no server answers
    public static Opening open(Path socket, Command.Shell command, Consumer<String> notes) {
        SocketChannel channel = connect(socket);
        boolean opened = false;
        try {
            var lines = new ControlLines(channel);
            var opening = asked(channel, lines, command, notes);
            opened = opening instanceof Opening.Opened;
            return opening;
        } finally {
            if (!opened) {
                close(channel);
            }
        }
    }

    private static SocketChannel connect(Path socket) {
        try {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw ControlClient.noServer(socket, e);
        }
    }

    private static Opening asked(
            SocketChannel channel,
            ControlLines lines,
            Command.Shell command,
            Consumer<String> notes) {
        var codec = new ControlCodec();
        lines.write(codec.write(command));
        while (true) {
            var line = lines.next();
            if (line.isEmpty()) {
                throw new ControlException(GONE);
            }
            switch (codec.reply(line.get())) {
                case Reply.Entered entered -> {
                    return new Opening.Opened(entered, new ShellLine(channel, lines));
                }
                case Reply.Problem(String why) -> {
                    return new Opening.Refused(why);
                }
                case Reply.Done(String note) -> notes.accept(note);
                case Reply other ->
                        throw new ControlException("no answer to a wish for a shell: " + other);
            }
        }
    }

    @Override
    public void keys(byte[] bytes) {
        for (int at = 0; at < bytes.length; at += ShellFrame.MOST) {
            int end = Math.min(bytes.length, at + ShellFrame.MOST);
            send(new ShellFrame.Bytes(Arrays.copyOfRange(bytes, at, end)));
        }
    }

    @Override
    public void resize(int columns, int rows) {
        send(new ShellFrame.Size(columns, rows));
    }

    @Override
    public void endOfKeys() {
        send(new ShellFrame.End());
    }

    private synchronized void send(ShellFrame frame) {
        try {
            lines.write(ShellFrames.write(frame));
        } catch (UncheckedIOException _) {
            // who hears is told that the server has gone
        }
    }

    @Override
    public Heard hear() {
        try {
            while (true) {
                var next = frames.next();
                if (next.isEmpty()) {
                    return new Heard.Lost(GONE);
                }
                switch (next.orElseThrow()) {
                    case ShellFrame.Bytes(byte[] bytes) when bytes.length == 0 -> {}
                    case ShellFrame.Bytes(byte[] bytes) -> {
                        return new Heard.Output(bytes);
                    }
                    case ShellFrame.Exit(int code) -> {
                        return new Heard.Exited(code);
                    }
                    case ShellFrame.Lost(String why) -> {
                        return new Heard.Lost(why);
                    }
                    case ShellFrame.Size _, ShellFrame.End _ -> {
                        return new Heard.Lost("the server said what only a person says");
                    }
                }
            }
        } catch (ControlException _) {
            return new Heard.Lost(GONE);
        }
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // nothing is lost with it
        }
    }
}
