package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.Frame.Data;
import airlock.uplink.Frame.End;
import airlock.uplink.Frame.Kind;
import airlock.uplink.Frame.Open;
import airlock.uplink.Frame.Opened;
import airlock.uplink.Frame.Refused;
import airlock.uplink.Frame.Reset;
import airlock.uplink.Terminal.Said;
import airlock.uplink.Terminal.WindowSize;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The host's side of terminals, with guests that break the protocol.
@Timeout(60)
class TerminalTest {
    private static final WindowSize SIZE = new WindowSize(80, 24);
    private static final Duration LONG = Duration.ofSeconds(30);

    private static TestGuest guest() throws IOException {
        return TestGuest.greeted(
                offer -> {
                    offer.accept();
                    new CountDownLatch(1).await();
                });
    }

    private static CompletableFuture<Terminal.Opening> opening(TestGuest guest, Duration patience) {
        var opening = new CompletableFuture<Terminal.Opening>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                opening.complete(guest.uplink().openTerminal(SIZE, patience));
                            } catch (InterruptedException e) {
                                opening.completeExceptionally(e);
                            }
                        });
        return opening;
    }

    /// A terminal that the guest has accepted as stream 2.
    private static Terminal opened(TestGuest guest) throws IOException {
        var opening = opening(guest, LONG);
        assertThat(guest.hears()).isEqualTo(new Open(2, Kind.PTY, "80x24"));
        guest.say(new Opened(2));
        return ((Terminal.Opening.Opened) opening.join()).terminal();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void outputAndTheShellsEndComeOut() throws Exception {
        try (var guest = guest();
                var terminal = opened(guest)) {
            guest.say(new Data(2, bytes(1, 2, 0, 'h')), new Data(2, bytes('i', 2, 1, 0, 130)));
            assertThat(terminal.next())
                    .isInstanceOfSatisfying(
                            Said.Output.class,
                            said -> assertThat(said.bytes()).asString().isEqualTo("hi"));
            assertThat(terminal.next()).isEqualTo(new Said.Exited(130));
            assertThat(guest.hears()).isEqualTo(new End(2));
        }
    }

    @Test
    void keysGoInWholeMessagesAndSizesBetweenThem() throws Exception {
        try (var guest = guest();
                var terminal = opened(guest)) {
            assertThat(terminal.type(new byte[5000], 0, 5000)).isTrue();
            assertThat(terminal.resize(new WindowSize(2, 5000))).isTrue();
            assertThat(terminal.hangUp()).isTrue();
            assertThat(((Data) guest.hears()).bytes()).hasSize(4099).startsWith(1, 0, 16);
            assertThat(((Data) guest.hears()).bytes()).hasSize(907).startsWith(1, 904 - 768, 3);
            assertThat(((Data) guest.hears()).bytes())
                    .isEqualTo(bytes(2, 4, 0, 2, 0, 1000 & 0xff, 1000 >> 8));
            assertThat(((Data) guest.hears()).bytes()).isEqualTo(bytes(3, 0, 0));
        }
    }

    @Test
    void aGuestMayRefuse() throws Exception {
        try (var guest = guest()) {
            var opening = opening(guest, LONG);
            assertThat(guest.hears()).isEqualTo(new Open(2, Kind.PTY, "80x24"));
            guest.say(new Refused(2, "no terminal is served here"));
            assertThat(opening.join())
                    .isEqualTo(new Terminal.Opening.Refused("no terminal is served here"));
            // of a stream that is over
            guest.say(new Reset(2), new Data(2, bytes(1)));
            var again = opening(guest, LONG);
            assertThat(guest.hears()).isEqualTo(new Open(4, Kind.PTY, "80x24"));
            assertThat(again).isNotDone();
        }
    }

    @Test
    void anAnswerThatComesTooLateIsNoCrime() throws Exception {
        try (var guest = guest()) {
            assertThat(opening(guest, Duration.ofMillis(1)).join())
                    .isInstanceOf(Terminal.Opening.NoAnswer.class);
            assertThat(guest.hears()).isEqualTo(new Open(2, Kind.PTY, "80x24"));
            assertThat(guest.hears()).isEqualTo(new Reset(2));
            guest.say(new Opened(2), new Data(2, bytes(1, 2, 3)), new End(2));
            guest.opens(new Open(1, Kind.CONNECT, "a.example:1"));
        }
    }

    @Test
    void theEndOfTheUplinkEndsTerminalsAndWhoWaitsForOne() throws Exception {
        var guest = guest();
        var terminal = opened(guest);
        var waits = opening(guest, LONG);
        assertThat(guest.hears()).isEqualTo(new Open(4, Kind.PTY, "80x24"));
        guest.close();
        assertThat(waits.join()).isInstanceOf(Terminal.Opening.NoAnswer.class);
        assertThat(terminal.next()).isInstanceOf(Said.Lost.class);
        assertThat(terminal.type(bytes(1), 0, 1)).isFalse();
        assertThat(guest.uplink().openTerminal(SIZE, LONG))
                .isInstanceOf(Terminal.Opening.NoAnswer.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\1\0x", "\1\0\0", "\3\0\0", "\1\u00fe?x", "\2\2\0xx"})
    void whatIsNoMessageEndsTheStreamAndNothingElse(String said) throws Exception {
        try (var guest = guest();
                var terminal = opened(guest)) {
            guest.say(new Data(2, TestHost.bytes(said)));
            assertThat(terminal.next()).isInstanceOf(Said.Lost.class);
            assertThat(guest.hears()).isEqualTo(new Reset(2));
            guest.opens(new Open(1, Kind.CONNECT, "a.example:1"));
        }
    }

    @Test
    void aGuestThatEndsWithoutTheShellsEndIsLost() throws Exception {
        try (var guest = guest();
                var terminal = opened(guest)) {
            guest.say(new End(2));
            assertThat(terminal.next()).isInstanceOf(Said.Lost.class);
        }
    }

    @Test
    void outputThatNobodyReadsIsHeldUpAtAWindow() throws Exception {
        try (var guest = guest();
                var terminal = opened(guest)) {
            for (int sent = 0; sent < UplinkStream.FIRST_WINDOW; sent += Frame.MOST_DATA) {
                guest.say(new Data(2, new byte[Frame.MOST_DATA]));
            }
            guest.say(new Data(2, bytes(1)));
            assertThat(guest.ending()).contains("more than was granted for stream 2");
            assertThat(terminal.next()).isInstanceOf(Said.Lost.class);
        }
    }

    @Test
    void closingResetsIt() throws Exception {
        try (var guest = guest()) {
            opened(guest).close();
            assertThat(guest.hears()).isEqualTo(new Reset(2));
        }
    }

    @Test
    void dataBeforeTheAnswerEndsTheUplink() throws Exception {
        try (var guest = guest()) {
            var opening = opening(guest, LONG);
            assertThat(guest.hears()).isEqualTo(new Open(2, Kind.PTY, "80x24"));
            guest.say(new Data(2, bytes(1)));
            assertThat(guest.ending()).contains("a frame of stream 2 before its answer");
            assertThat(opening.join()).isInstanceOf(Terminal.Opening.NoAnswer.class);
        }
    }

    @Test
    void aSecondAnswerEndsTheUplink() throws Exception {
        try (var guest = guest();
                var _ = opened(guest)) {
            guest.say(new Refused(2, "after all"));
            assertThat(guest.ending()).contains("an answer that was not asked for, for stream 2");
        }
    }

    @Test
    void whereOnlyTerminalsAreServedTheGuestsStreamsEndAndAreRefused() throws Exception {
        try (var guest = guest();
                var terminal = opened(guest)) {
            guest.opens(new Open(1, Kind.CONNECT, "a.example:1"));
            guest.uplink().serveTerminalsOnly();
            assertThat(guest.hears()).isEqualTo(new Reset(1));
            guest.say(new Open(3, Kind.AGENT, ""));
            assertThat(guest.hears()).isEqualTo(new Refused(3, "only terminals are served here"));
            guest.say(new Data(2, bytes(2, 1, 0, 0)));
            assertThat(terminal.next()).isEqualTo(new Said.Exited(0));
        }
    }
}
