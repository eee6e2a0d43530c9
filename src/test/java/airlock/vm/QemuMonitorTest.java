package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.vm.EndState.VmSignal;
import airlock.vm.QemuMonitor.QemuFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGeneratorFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QemuMonitorTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final String EVENT =
            """
            {"timestamp": {"seconds": 1795528679, "microseconds": 1}, "event": "SHUTDOWN", \
            "data": {"guest": true, "reason": "guest-reset", "inner": {"a": 1}}}""";
    private static final String GREETING = "{\"QMP\": {\"version\": {}, \"capabilities\": []}}";

    @TempDir Path directory;
    private final List<VmSignal.QemuTold> events = new CopyOnWriteArrayList<>();
    private SocketChannel qemu;
    private SocketChannel host;
    private QemuMonitor monitor;

    @BeforeEach
    void connect() throws IOException {
        var address = UnixDomainSocketAddress.of(directory.resolve("q"));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            qemu = SocketChannel.open(address);
            host = server.accept();
            monitor = new QemuMonitor(host, LIMIT, events::add);
        }
    }

    @AfterEach
    void close() throws IOException {
        monitor.close();
        qemu.close();
    }

    /// Answers each command with the next of `answers`; `ID` stands for the command's id.
    private void answer(String... answers) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                OutputStream out = Channels.newOutputStream(qemu);
                                var in =
                                        new BufferedReader(
                                                new InputStreamReader(
                                                        Channels.newInputStream(qemu),
                                                        StandardCharsets.UTF_8));
                                send(out, GREETING);
                                for (int id = 1; id <= answers.length; id++) {
                                    in.readLine();
                                    send(out, answers[id - 1].replace("ID", "" + id));
                                }
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void fails(ThrowingCallable command, String why) {
        assertThatThrownBy(command).isInstanceOf(QemuFailure.class).hasMessageContaining(why);
    }

    @Test
    void aCommandGetsItsOwnAnswerAndEventsPassBy() throws Exception {
        answer(
                "{\"return\": {}, \"id\": ID}",
                EVENT
                        + "\n{\"return\": {}, \"id\": 99}\n"
                        + "{\"return\": {\"status\": \"paused\"}, \"id\": ID}");

        monitor.open();
        assertThat(monitor.execute("query-status")).isEqualTo(Map.of("status", "paused"));
        var data = Map.of("guest", "true", "reason", "guest-reset");
        assertThat(events).containsExactly(new VmSignal.QemuTold("SHUTDOWN", data));
    }

    @Test
    void aRefusalTellsItsReason() throws Exception {
        answer(
                "{\"return\": {}, \"id\": ID}",
                "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}, \"id\": ID}");

        monitor.open();

        fails(monitor::run, "cont: no");
    }

    @Test
    void aRefusalWithoutAReasonIsARefusal() throws Exception {
        answer("{\"return\": {}, \"id\": ID}", "{\"error\": {\"class\": \"X\"}, \"id\": ID}");

        monitor.open();

        fails(monitor::run, "cont: no reason given");
    }

    @Test
    void aQemuThatEndsWhileItLoadsFailsTheLoading() throws Exception {
        String done = "{\"return\": {}, \"id\": ID}";
        String active = "{\"event\": \"MIGRATION\", \"data\": {\"status\": \"active\"}}";
        answer(done, done, done + "\n" + active + "\nwhat?");
        monitor.open();

        fails(() -> monitor.load(directory), "QEMU ended during migrate-incoming");
        assertThat(events).isEmpty();
    }

    @Test
    void aLineWithoutEndIsNotKept() throws Exception {
        answer("x".repeat(3 * QemuMonitor.MOST_BYTES));

        fails(monitor::open, "a line of more than");
    }

    @Test
    void silenceIsAFailureInTime() throws Exception {
        fails(new QemuMonitor(host, SHORT, _ -> {})::open, "did not greet");
    }

    @Test
    void aMonitorThatIsClosedFailsTheCommandAtOnce() throws Exception {
        answer("{\"return\": {}, \"id\": ID}");
        monitor.open();
        qemu.close();

        fails(() -> monitor.execute("quit"), "quit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{}",
                "{\"event\": 7}",
                "{\"QMP\": null}",
                "{\"error\": \"text\"}",
                "{\"return\": 1e99999999999999999999999999999999999999999999999}",
                "\u0000\u0001"
            })
    void whatIsNoQmpEndsTheConnection(String line) throws Exception {
        answer("{\"return\": {}, \"id\": ID}", line);
        monitor.open();

        fails(monitor::run, "cont: n");
    }

    @Test
    void depthAndLengthAreBounded() {
        for (String value : List.of("[".repeat(5000) + "]".repeat(5000), "7" + " ".repeat(65536))) {
            byte[] line = "{\"return\":%s}".formatted(value).getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> QemuMonitor.parse(line)).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void noBytesMakeItThrowAnythingElse() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(20261124);
        for (int i = 0; i < 20_000; i++) {
            byte[] line = EVENT.getBytes(StandardCharsets.UTF_8);
            for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(QemuMonitor.parse(line)).isNotNull();
            } catch (ProtocolException _) {
                // as bad lines are refused
            }
        }
    }
}
