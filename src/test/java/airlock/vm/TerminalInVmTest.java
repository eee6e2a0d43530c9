package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.Screen;
import airlock.uplink.Terminal;
import airlock.uplink.Terminal.WindowSize;
import airlock.uplink.Uplink;
import airlock.uplink.Uplink.Offer;
import airlock.uplink.UplinkStream;
import airlock.uplink.UplinkStream.Piece;
import airlock.vm.GuestRecord.StepEnd;
import airlock.vm.VmSpec.PortServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The services of the guest program over its uplink, in a real VM: terminals, and those that only
/// process 1 can offer.
@Tag("vm")
@Timeout(300)
class TerminalInVmTest extends VmFixture {
    private static final WindowSize SIZE = new WindowSize(100, 30);

    private static VmSpec served(VmSpec s, PortServer server) {
        return new VmSpec(
                s.name(),
                s.model(),
                s.steps(),
                s.contents(),
                s.writable(),
                s.console(),
                s.limits(),
                Optional.of(server));
    }

    private static Terminal opened(Uplink uplink) throws InterruptedException {
        return switch (uplink.openTerminal(SIZE, Duration.ofMinutes(2))) {
            case Terminal.Opening.Opened(var terminal) -> terminal;
            case Terminal.Opening.Refused(var why) -> throw new AssertionError(why);
            case Terminal.Opening.NoAnswer(var why) -> throw new AssertionError(why);
        };
    }

    @Test
    void aPersonWorksInAShellOfAVmThatFailedWhichGoesOnUntilItIsEnded() throws Exception {
        var kept = new Step("terminal", new GuestStep.Terminal(Map.of(), true), true);
        var uplink = new CompletableFuture<Uplink>();
        var spec =
                served(
                        spec(shell("exit 3"), kept),
                        (in, out) -> {
                            uplink.complete(Uplink.ofTerminals(in, out));
                            uplink.join().run();
                        });
        try (Vm vm = host().start(spec, this::add);
                var terminal = opened(uplink.join())) {
            var screen = new Screen(terminal);
            screen.type("tty; pwd; stty size; echo $0 $HOME $TERM''.\n");
            assertThat(screen.until("xterm-256color."))
                    .contains("/dev/pts/", "/ci/src\r\n", "30 100\r\n", "-bash /root ");
            screen.type("sh -c 'echo re\"\"ady; exec sleep 1000'\n");
            screen.until("ready");
            screen.type("\u0003");
            screen.until("# ");
            screen.type("echo code''=$?\n");
            screen.until("code=130");
            terminal.resize(new WindowSize(90, 20));
            screen.type("stty size; ps -e -o comm= | sort | uniq -c; echo en''d\n");
            assertThat(screen.until("end")).contains("20 90\r\n");
            screen.type("exit 5\n");
            assertThat(screen.code()).isEqualTo(5);
            try (var another = opened(uplink.join())) {
                var next = new Screen(another);
                next.type("exit 6\n");
                assertThat(next.code()).isEqualTo(6);
            }
            vm.cancel("seen");
            assertThat(vm.await()).isEqualTo(new VmEnd.Cancelled("seen"));
        }
        assertThat(ends()).containsExactly(new StepEnd.Exited(3));
    }

    @Test
    void aVmThatPassedIsNotKept() throws Exception {
        var kept = new Step("terminal", new GuestStep.Terminal(Map.of(), true), true);

        assertThat(end(spec(shell("true"), kept))).isEqualTo(PASSED);
    }

    private static void echoLoudly(Offer offer) throws InterruptedException {
        if (offer.target().equals("other.example:22")) {
            offer.refuse("is not on the list");
            return;
        }
        byte[] greeting =
                (offer.kind() + " " + offer.target() + "\n").getBytes(StandardCharsets.US_ASCII);
        UplinkStream stream = offer.accept();
        stream.send(greeting, 0, greeting.length);
        while (stream.take() instanceof Piece.Bytes(byte[] bytes)) {
            stream.send(bytes, 0, bytes.length);
        }
        stream.end();
    }

    @Test
    void programsFindTokensTheAgentAndTheProxysClient() throws Exception {
        var connect = new GuestStep.Connect(List.of(), List.of("publish"), true, true);
        var steps =
                List.of(
                        new Step("connect", connect, false),
                        shell(
                                "exec 3<>/dev/tcp/publish.token.internal/80",
                                "read -r -u 3 line; echo \"$line\"",
                                "stat -c '%a %F' /run/airlock/agent",
                                "perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) or die;"
                                        + " connect(S, sockaddr_un(\"/run/airlock/agent\")) or die;"
                                        + " print scalar <S>'",
                                "cd /; setpriv --reuid 1000 --clear-groups"
                                        + " /run/airlock/connect any.example 22 <<<hello",
                                "/run/airlock/connect other.example 22 || echo $?"));
        var spec =
                served(
                        spec(steps.toArray(Step[]::new)),
                        (in, out) -> new Uplink(in, out, TerminalInVmTest::echoLoudly).run());

        assertThat(end(spec)).isEqualTo(PASSED);
        assertThat(Arrays.asList(output(1).split("\n")))
                .containsExactly(
                        "HTTP_TOKEN publish",
                        "600 socket",
                        "AGENT ",
                        "CONNECT any.example:22",
                        "hello",
                        "1");
        assertThat(output(2))
                .isEqualTo("airlock: no connection to other.example:22: is not on the list\n");
    }
}
