package airlock.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.CommandHandler.Entrance;
import airlock.control.Console.Heard;
import airlock.control.Console.Input;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A shell over the control socket: each end copes when the other disconnects or is hostile.
final class ShellSocketTest {
    private static final Command.Shell WANTED = new Command.Shell("", "plan", "", 100, 30);
    private static final Reply.Entered ENTERED =
            new Reply.Entered("a plan machine", Instant.ofEpochSecond(12));

    @TempDir Path directory;
    private final ScriptedConsole console = new ScriptedConsole();

    private Path socket() {
        return directory.resolve("control.sock");
    }

    private static CommandHandler lettingInto(Console console, List<Command.Shell> wanted) {
        return new CommandHandler() {
            @Override
            public void handle(Command command, String who, Consumer<Reply> replies) {
                replies.accept(new Reply.Done(""));
            }

            @Override
            public Entrance enter(Command.Shell shell, String who, Consumer<String> notes) {
                wanted.add(shell);
                notes.accept("a machine boots for " + who);
                return new Entrance.Open(ENTERED, console);
            }
        };
    }

    private ControlServer serving(Console shell) {
        return ControlServer.open(socket(), lettingInto(shell, new ArrayList<>()));
    }

    private Console entered() {
        return entered(_ -> {});
    }

    private Console entered(Consumer<String> notes) {
        return switch (new ControlClient(socket()).enter(WANTED, notes)) {
            case Entrance.Open(var entered, var line) -> {
                assertThat(entered).isEqualTo(ENTERED);
                yield line;
            }
            case Entrance.Shut(String why) -> throw new AssertionError(why);
        };
    }

    private static Heard.Output output(String text) {
        return new Heard.Output(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Input keys(String text) {
        return new Input.Keys(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Heard heard) {
        return heard instanceof Heard.Output(byte[] bytes)
                ? new String(bytes, StandardCharsets.UTF_8)
                : heard.toString();
    }

    @Test
    void keysGoInOutputComesOutAndTheEndHasTheShellsCode() throws Exception {
        var wanted = new ArrayList<Command.Shell>();
        var notes = new ArrayList<String>();
        try (var _ = ControlServer.open(socket(), lettingInto(console, wanted));
                var line = entered(notes::add)) {
            line.send(keys("ls\r"));
            line.send(new Input.Size(120, 40));
            line.send(new Input.End());
            await().until(() -> console.heard.size() == 3);
            console.says.add(output("hello\r\n"));
            console.says.add(new Heard.Exited(3));

            assertThat(text(line.hear())).isEqualTo("hello\r\n");
            assertThat(line.hear()).isEqualTo(new Heard.Exited(3));
        }
        assertThat(console.heard).containsExactly("keys ls\r", "size 120x40", "no more keys");
        assertThat(wanted).containsExactly(WANTED);
        assertThat(notes).containsExactly("a machine boots for " + System.getProperty("user.name"));
    }

    @Test
    void muchOutputComesWhole() throws Exception {
        byte[] much = new byte[1_000_000];
        new Random(7).nextBytes(much);
        var got = ByteBuffer.allocate(much.length);
        try (var _ = serving(console);
                var line = entered()) {
            for (int at = 0; at < much.length; at += 50_000) {
                console.says.add(new Heard.Output(Arrays.copyOfRange(much, at, at + 50_000)));
            }
            console.says.add(new Heard.Exited(0));
            while (line.hear() instanceof Heard.Output(byte[] piece)) {
                got.put(piece);
            }
        }
        assertThat(got.array()).isEqualTo(much);
    }

    @Test
    void refusesWithAReason() {
        try (var _ = ControlServer.open(socket(), (_, _, _) -> {})) {
            assertThat(new ControlClient(socket()).enter(WANTED, _ -> {}))
                    .isEqualTo(new Entrance.Shut("this server has no machines to enter"));
        }
    }

    @Test
    void aClientThatGoesEndsItsShell() throws Exception {
        try (var _ = serving(console)) {
            entered().close();

            assertThat(console.closed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aClientThatGoesWhileItsKeysAreNotReadEndsItsShellToo() throws Exception {
        var stuck = new ScriptedConsole(new CountDownLatch(1));
        try (var _ = serving(stuck)) {
            var line = entered();
            line.send(keys("first"));
            line.send(keys("never read"));
            line.close();

            assertThat(stuck.closed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aServerThatGoesEndsTheClientWithAMessage() throws Exception {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket()));
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (var channel = server.accept()) {
                                    channel.read(ByteBuffer.allocate(1000));
                                    byte[] line = ControlLines.bytes(ENTERED);
                                    channel.write(ByteBuffer.wrap(line));
                                    byte[] cut = ControlLines.bytes(output("x"));
                                    channel.write(ByteBuffer.wrap(cut, 0, cut.length - 1));
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            try (var line = entered()) {
                assertThat(line.hear()).asString().contains("the server has gone");
            }
        }
    }

    @Test
    void hostileLinesEndTheShellAndTheServerGoesOn() throws Exception {
        var random = new Random(20261128);
        byte[] good = bytes((Record) keys("keys"), new Input.Size(80, 24), new Input.End());
        var taken = new AtomicLong();
        try (var _ =
                ControlServer.open(socket(), lettingInto(counting(taken), new ArrayList<>()))) {
            for (int i = 0; i < 300; i++) {
                byte[] bad = good.clone();
                for (int n = random.nextInt(3); n >= 0; n--) {
                    bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
                }
                send(bad);
            }
            assertThat(taken.get()).isLessThan(300L * good.length);
        }
        try (var _ = serving(console);
                var line = entered()) {
            console.says.add(new Heard.Exited(0));
            assertThat(line.hear()).isEqualTo(new Heard.Exited(0));
        }
    }

    @Test
    void oneLineIsNeverLongerThanItsLimit() throws Exception {
        try (var _ = serving(console)) {
            send("x".repeat((1 << 20) + 1).getBytes(StandardCharsets.UTF_8));

            assertThat(console.closed.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(console.heard).isEmpty();
    }

    /// Ends by itself once its person has gone.
    private static Console counting(AtomicLong taken) {
        return new Console() {
            private final CountDownLatch over = new CountDownLatch(1);

            @Override
            public void send(Input input) {
                if (input instanceof Input.Keys(byte[] bytes)) {
                    taken.addAndGet(bytes.length);
                }
            }

            @Override
            public Heard hear() throws InterruptedException {
                over.await();
                return new Heard.Lost("over");
            }

            @Override
            public void close() {
                over.countDown();
            }
        };
    }

    private static byte[] bytes(Record... messages) {
        var all = ByteBuffer.allocate(1000);
        for (var message : messages) {
            all.put(ControlLines.bytes(message));
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    /// Sends a wish for a shell and then these bytes, and waits until the server has hung up.
    private void send(byte[] frames) throws Exception {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            channel.write(ByteBuffer.wrap(ControlLines.bytes(WANTED)));
            channel.write(ByteBuffer.wrap(frames));
            channel.shutdownOutput();
            var answer = ByteBuffer.allocate(64 * 1024);
            while (channel.read(answer) >= 0) {}
        } catch (IOException _) {
            // hung up on while it spoke
        }
    }
}
