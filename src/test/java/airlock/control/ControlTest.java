package airlock.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.RunId;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlTest {
    @TempDir Path directory;

    private Path socket() {
        return directory.resolve("control.sock");
    }

    @Test
    void aCommandReachesTheServerWithTheNameOfWhoSentIt() {
        var run = RunId.random();
        CommandHandler handler =
                (command, who, replies) -> {
                    assertThat(command).isEqualTo(new Command.Cancel(run));
                    replies.accept(new Reply.Text("plan", 0, 1, "ü\n"));
                    replies.accept(new Reply.Done("asked by " + who));
                };
        var replies = new ArrayList<Reply>();
        try (var _ = ControlServer.open(socket(), handler)) {
            new ControlClient(socket()).send(new Command.Cancel(run), replies::add);
        }

        assertThat(replies)
                .containsExactly(
                        new Reply.Text("plan", 0, 1, "ü\n"),
                        new Reply.Done("asked by " + System.getProperty("user.name")));
    }

    @Test
    void theSocketIsItsOwnersAlone() throws Exception {
        try (var _ = ControlServer.open(socket(), (_, _, _) -> {})) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-------");
        }
        assertThat(socket()).doesNotExist();
    }

    @Test
    void aFaultOfTheHandlerReachesTheClientAsAProblem() {
        CommandHandler handler =
                (_, _, _) -> {
                    throw new IllegalStateException("no such key");
                };
        var replies = new ArrayList<Reply>();
        try (var _ = ControlServer.open(socket(), handler)) {
            new ControlClient(socket()).send(new Command.Runs(3), replies::add);
        }

        assertThat(replies).containsExactly(new Reply.Problem("no such key"));
    }

    @Test
    void withoutAServerTheMessageSaysWhatToDo() {
        assertThatThrownBy(() -> new ControlClient(socket()).send(new Command.Runs(3), _ -> {}))
                .hasMessageContaining("airlock serve");
    }

    @Test
    void mutatedLinesEndInAProblemAndTheServerGoesOn() throws Exception {
        var random = new Random(20261124);
        byte[] good = ControlLines.bytes(new Command.Log(RunId.random(), 12, true));
        CommandHandler handler = (_, _, replies) -> replies.accept(new Reply.Done("ok"));
        try (var _ = ControlServer.open(socket(), handler)) {
            for (int i = 0; i < 300; i++) {
                byte[] bad = good.clone();
                bad[random.nextInt(bad.length - 1)] = (byte) random.nextInt(256);
                assertThat(answerTo(bad)).matches("(?s)(\\{.*\\}\n)?");
            }
            assertThat(answerTo(good)).contains("\"ok\"");
        }
    }

    private String answerTo(byte[] line) throws Exception {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            channel.write(ByteBuffer.wrap(line));
            channel.shutdownOutput();
            var answer = ByteBuffer.allocate(64 * 1024);
            while (channel.read(answer) >= 0) {}
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }
}
