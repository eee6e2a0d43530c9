package airlock.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Consumer;

/// The command line's end of the control socket.
public final class ControlClient {
    private final Path socket;
    private final ControlCodec codec = new ControlCodec();

    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /// Sends `command` and hands each line of the answer to `replies`, the last one included.
    public void send(Command command, Consumer<Reply> replies) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            var lines = new ControlLines(channel);
            lines.write(codec.write((Record) command));
            while (true) {
                var line = lines.next();
                if (line.isEmpty()) {
                    throw new ControlException("the server went away before it had answered");
                }
                var reply = codec.reply(line.get());
                replies.accept(reply);
                if (isLast(reply)) {
                    return;
                }
            }
        } catch (IOException e) {
            throw noServer(socket, e);
        }
    }

    static ControlException noServer(Path socket, IOException why) {
        return new ControlException(
                "no server answers at "
                        + socket
                        + "; is `airlock serve` running with this configuration?",
                why);
    }

    private static boolean isLast(Reply reply) {
        return switch (reply) {
            case Reply.Done _, Reply.Problem _ -> true;
            case Reply.Run _,
                    Reply.Request _,
                    Reply.Text _,
                    Reply.Key _,
                    Reply.Stored _,
                    Reply.SecretProblem _,
                    Reply.Swept _,
                    Reply.StatusPause _,
                    Reply.Used _,
                    Reply.Over _,
                    Reply.Disk _,
                    Reply.MachineProblem _,
                    Reply.VmTime _,
                    Reply.Place _,
                    Reply.Cache _,
                    Reply.Hook _,
                    Reply.Entered _,
                    Reply.TokenText _,
                    Reply.Token _ ->
                    false;
        };
    }
}
