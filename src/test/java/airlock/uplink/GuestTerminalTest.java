package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import airlock.uplink.Terminal.WindowSize;
import airlock.vm.GuestRecord;
import airlock.vm.GuestRecord.StepEnd;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real bash in a terminal of the guest program, which runs as a process of this host. This test
/// types, and never types the very words that it waits for.
@Timeout(120)
class GuestTerminalTest {
    @TempDir Path folder = Path.of("");

    private Map<String, String> environment() {
        return Map.of("HOME", folder.toString(), "SHELL", "/bin/bash", "PATH", "/usr/bin:/bin");
    }

    private Step terminal() {
        return GuestInProcess.step(new GuestStep.Terminal(environment(), false));
    }

    private interface Dialogue {
        void hold(Terminal terminal, Screen screen) throws Exception;
    }

    /// Returns how the guest's steps ended after a dialogue with a shell.
    private List<StepEnd> inShell(Dialogue dialogue) throws Exception {
        var guest = GuestInProcess.running(folder, terminal());
        try (var terminal = guest.terminal(80, 24)) {
            dialogue.hold(terminal, new Screen(terminal));
        }
        return ends(guest);
    }

    private static List<StepEnd> ends(GuestInProcess guest) {
        return ends(guest.records());
    }

    private static List<StepEnd> ends(List<GuestRecord> records) {
        return records.stream()
                .filter(GuestRecord.StepEnded.class::isInstance)
                .map(record -> ((GuestRecord.StepEnded) record).end())
                .toList();
    }

    @Test
    void aShellHasItsSizeFolderAndEnvironmentAndItsEndIsTheSteps() throws Exception {
        var guest = GuestInProcess.running(folder, terminal());
        try (var terminal = guest.terminal(132, 43)) {
            var screen = new Screen(terminal);
            screen.type("stty size; echo $TERM $0 $USER; pwd; echo is''over\n");
            assertThat(screen.until("isover"))
                    .contains("43 132\r\n")
                    .contains("xterm-256color bash ")
                    .contains(folder + "\r\n");
            screen.type("test -t 0 && [ $(ps -o sid= -p $$) = $$ ] && echo le''ads; tty\n");
            assertThat(screen.until("/dev/pts/")).contains("leads");
            screen.type("exit 7\n");
            assertThat(screen.code()).isEqualTo(7);
        }
        assertThat(ends(guest)).containsExactly(new StepEnd.Exited(7));
        assertThat(guest.records().getLast())
                .isInstanceOfSatisfying(
                        GuestRecord.Finished.class, end -> assertThat(end.passed()).isFalse());
    }

    @Test
    void withoutAPathItIsALoginShell() throws Exception {
        var login = new GuestStep.Terminal(Map.of("HOME", folder.toString()), false);
        Files.writeString(folder.resolve(".bash_profile"), "echo pro''file read\n");
        var guest = GuestInProcess.running(folder, GuestInProcess.step(login));
        try (var terminal = guest.terminal(80, 24)) {
            var screen = new Screen(terminal);
            screen.until("profile read");
            screen.type("exit\n");
            assertThat(screen.code()).isZero();
        }
        assertThat(ends(guest)).containsExactly(new StepEnd.Exited(0));
    }

    /// Perl, since it starts no other program: a shell between `vfork` and `exec` can't be stopped.
    /// It prints only once it has the terminal.
    private static final String WAITS =
            "perl -e '$|=1; $SIG{CONT}=sub{print \"ag\".\"ain\\n\"}; $SIG{INT}=sub{exit 130};"
                    + " print \"be\".\"gun\\n\"; sleep 1 while 1'; echo code''=$?\n";

    @Test
    void interruptsAndJobControlWork() throws Exception {
        inShell(
                (terminal, screen) -> {
                    // behind its prompt a shell reads keys as they are; before that some are lost
                    screen.type("PS1='pro''mpt> '\n");
                    screen.until("prompt> ");
                    screen.type(WAITS);
                    screen.until("begun");
                    screen.type("\u0003");
                    screen.until("code=130");
                    screen.until("prompt> ");

                    screen.type(WAITS);
                    screen.until("begun");
                    screen.type("\u001a");
                    screen.until("Stopped");
                    screen.until("prompt> ");
                    screen.type("jobs\n");
                    screen.until("Stopped");
                    screen.until("prompt> ");
                    screen.type("fg; echo code''=$?\n");
                    screen.until("again\r\n");
                    screen.type("\u0003");
                    screen.until("code=130");
                    screen.until("prompt> ");

                    screen.type("\u0004");
                    screen.code();
                });
    }

    @Test
    void aWindowThatChangesIsToldToPrograms() throws Exception {
        inShell(
                (terminal, screen) -> {
                    screen.type("trap 'echo wi''nch; stty size' WINCH; echo re''ady\n");
                    screen.until("ready");
                    assertThat(terminal.resize(new WindowSize(101, 37))).isTrue();
                    screen.type("\n");
                    screen.until("winch");
                    screen.until("37 101");
                    screen.type("exit\n");
                    assertThat(screen.code()).isZero();
                });
    }

    @Test
    void muchGoesBothWaysWhole() throws Exception {
        inShell(
                (terminal, screen) -> {
                    screen.type("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo en''d\n");
                    assertThat(screen.until("end").replaceAll("[^x]", ""))
                            .hasSizeGreaterThan(2_999_999);

                    screen.type("stty -echo; echo si''lent; cat >typed; stty echo\n");
                    screen.until("silent");
                    for (int i = 0; i < 100; i++) {
                        screen.type("y".repeat(2999) + "\n");
                    }
                    screen.type("\u0004");
                    screen.type("wc -c <typed; echo cou''nted\n");
                    assertThat(screen.until("counted")).contains("300000");
                    screen.type("exit\n");
                    screen.code();
                });
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "sleep 1002 & echo re''ady; cat, 129",
                "trap '' HUP; echo re''ady; exec sleep 1003, 137"
            })
    void aShellThatIsHungUpEndsOrIsKilled(String script, int code) throws Exception {
        Dialogue dialogue =
                (terminal, screen) -> {
                    screen.type(script + "\n");
                    screen.until("ready");
                    assertThat(terminal.hangUp()).isTrue();
                    assertThat(screen.code()).isEqualTo(code);
                };
        assertThat(inShell(dialogue)).containsExactly(new StepEnd.Exited(code));
    }

    @Test
    void whoClosesTheTerminalHangsUp() throws Exception {
        var guest = GuestInProcess.running(folder, terminal());
        var terminal = guest.terminal(80, 24);
        var screen = new Screen(terminal);
        screen.type(
                "exec sh -c 'trap \"echo hup >hung; exit 3\" HUP; echo re\"\"ady;"
                        + " while sleep 0.1; do :; done; sleep 5'\n");
        screen.until("ready");
        terminal.close();
        assertThat(ends(guest)).containsExactly(new StepEnd.Exited(3));
        assertThat(folder.resolve("hung")).hasContent("hup");
    }

    @Test
    void ofSeveralTerminalsTheFirstShellThatEndsEndsTheStep() throws Exception {
        var guest = GuestInProcess.running(folder, terminal());
        try (var one = guest.terminal(80, 24)) {
            var first = new Screen(one);
            first.type("echo fi''rst\n");
            try (var two = guest.terminal(80, 24)) {
                var second = new Screen(two);
                second.type("echo sec''ond\n");
                second.until("second");
                first.until("first");
                second.type("exit 4\n");
                assertThat(second.code()).isEqualTo(4);
            }
            // while the first one is open: to close it would end its shell too
            assertThat(ends(guest)).containsExactly(new StepEnd.Exited(4));
        }
    }

    @Test
    void onceTerminalsAreServedNothingElseIs() throws Exception {
        var guest = GuestInProcess.withDoorAndTerminal(folder, TestGuest::echo, terminal());
        try (var socket = guest.connect(0)) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
            guest.goOn();
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            assertThatThrownBy(() -> guest.connect(0).close()).isInstanceOf(ConnectException.class);
        }
        try (var terminal = guest.terminal(80, 24)) {
            var screen = new Screen(terminal);
            screen.type("exit\n");
            assertThat(screen.code()).isZero();
        }
        assertThat(ends(guest)).hasSize(3).containsOnly(new StepEnd.Exited(0));
    }

    @Test
    void aPhaseServesNoTerminal() throws Exception {
        try (var guest = GuestInProcess.start(folder, offer -> offer.refuse("no"))) {
            assertThat(guest.uplink().openTerminal(new WindowSize(80, 24), Duration.ofSeconds(30)))
                    .isEqualTo(new Terminal.Opening.Refused("no terminal is served here"));
        }
    }

    private static Step shell(String script) {
        return GuestInProcess.step(
                new GuestStep.Execute(
                        List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"), "/", ""));
    }

    @Test
    void theOneAfterFailuresIsLeftOutWhereNothingFailed() throws Exception {
        var after = new Step("", new GuestStep.Terminal(environment(), true), true);

        assertThat(ends(GuestInProcess.running(folder, shell("exit 0"), after)))
                .containsExactly(new StepEnd.Exited(0));
    }

    @Test
    void theOneAfterFailuresIsThereAfterAFailureAndChangesNothingOfIt() throws Exception {
        var after = new Step("", new GuestStep.Terminal(environment(), true), true);
        var host = TestHost.of(folder, shell("exit 3"), after);
        try (host) {
            for (int number = 2; number <= 20; number += 2) {
                host.opens(number, "80x24");
                assertThat(host.answer()).isEqualTo(new Frame.Opened(number));
                host.say(new Frame.Data(number, TestHost.bytes("\1\7\0exit 5\n")));
                assertThat(host.untilItsEnd(number)).endsWith(2, 1, 0, 5);
                host.say(new Frame.End(number));
            }
        }
        assertThat(ends(host.records()))
                .hasSize(2)
                .startsWith(new StepEnd.Exited(3))
                .noneMatch(new StepEnd.Exited(5)::equals);
        assertThat(host.records().getLast())
                .isInstanceOfSatisfying(
                        GuestRecord.Finished.class, end -> assertThat(end.passed()).isFalse());
    }

    @Test
    void whatTheHostMayNotSayHangsUp() throws IOException {
        for (String said : List.of("\0\0\0", "\1\0\0", "\1\1\u0010", "\2\4\0\0\0\0\0", "\4\0\0")) {
            try (var host = TestHost.of(folder, terminal())) {
                host.opens(2, "80x24");
                assertThat(host.answer()).isEqualTo(new Frame.Opened(2));
                host.say(new Frame.Data(2, TestHost.bytes(said)));
                // a shell that still starts may see the end of its input before the signal
                assertThat(host.untilItsEnd(2))
                        .satisfiesAnyOf(
                                end -> assertThat(end).endsWith(2, 1, 0, 129),
                                end -> assertThat(end).endsWith(2, 1, 0, 0));
                assertThat(host.records().getLast()).isInstanceOf(GuestRecord.Finished.class);
            }
        }
    }

    @Test
    void aTerminalOfNoSizeAndTheNinthOfAllAreRefused() throws IOException {
        try (var host = TestHost.of(folder, terminal())) {
            host.opens(2, "0x24");
            assertThat(host.answer())
                    .isEqualTo(
                            new Frame.Refused(2, "the size of the terminal is not COLUMNSxROWS"));
            for (int number = 4; number <= 18; number += 2) {
                host.opens(number, "80x24");
                assertThat(host.answer()).isEqualTo(new Frame.Opened(number));
            }
            host.opens(20, "80x24");
            assertThat(host.answer())
                    .isEqualTo(new Frame.Refused(20, "more than 8 terminals at once"));
        }
    }

    @Test
    void aHostThatClosesTheUplinkEndsTheStep() throws IOException {
        var host = TestHost.of(folder, terminal());
        host.opens(2, "80x24");
        assertThat(host.answer()).isEqualTo(new Frame.Opened(2));
        host.close();
        await().until(() -> host.records().getLast() instanceof GuestRecord.Finished);
        assertThat(ends(host.records())).hasAtLeastOneElementOfType(StepEnd.Refused.class);
    }
}
