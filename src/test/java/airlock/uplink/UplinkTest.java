package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.Frame.Data;
import airlock.uplink.Frame.End;
import airlock.uplink.Frame.Hello;
import airlock.uplink.Frame.Kind;
import airlock.uplink.Frame.Open;
import airlock.uplink.Frame.Opened;
import airlock.uplink.Frame.Refused;
import airlock.uplink.Frame.Reset;
import airlock.uplink.Frame.Window;
import airlock.uplink.Uplink.Offer;
import airlock.uplink.Uplink.OpenRate;
import airlock.uplink.UplinkStream.Piece;
import airlock.uplink.UplinkStream.WindowGrowth;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UplinkTest {
    private static final byte[] PIECE = new byte[Frame.MOST_DATA];

    private static Open connect(int stream) {
        return new Open(stream, Kind.CONNECT, "packages.example:443");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void hang(Offer offer) throws InterruptedException {
        offer.accept();
        new CountDownLatch(1).await();
    }

    @Test
    void whatAGuestSendsReachesWhoServesItAndTheAnswerComesBack() throws Exception {
        try (var guest = TestGuest.greeted(TestGuest::echo)) {
            guest.say(connect(1), new Data(1, bytes("early")));
            assertThat(guest.hears()).isEqualTo(new Opened(1));
            assertThat(((Data) guest.hears()).bytes()).asString().isEqualTo("early");

            guest.say(new End(1));
            assertThat(guest.hears()).isEqualTo(new End(1));
        }
    }

    @Test
    void whatAGuestSentLastIsTakenThoughItHasClosedThePort() throws Exception {
        var closed = new CountDownLatch(1);
        var taken = new CompletableFuture<String>();
        Uplink.Server server =
                offer -> {
                    var stream = offer.accept();
                    closed.await();
                    taken.complete(TestGuest.text(stream));
                };
        var frames = new ByteArrayOutputStream();
        frames.writeBytes(FrameCodec.encode(new Hello(Frame.VERSION)));
        frames.writeBytes(FrameCodec.encode(connect(1)));
        frames.writeBytes(FrameCodec.encode(new Data(1, bytes("last words"))));
        frames.writeBytes(FrameCodec.encode(new End(1)));
        var port =
                new ByteArrayInputStream(frames.toByteArray()) {
                    @Override
                    public synchronized int read(byte[] into, int offset, int length) {
                        int size = super.read(into, offset, length);
                        if (size < 0) {
                            closed.countDown();
                        }
                        return size;
                    }
                };
        var uplink = new Uplink(port, OutputStream.nullOutputStream(), server);

        assertThat(uplink.run()).isEmpty();
        assertThat(taken.get(20, TimeUnit.SECONDS)).isEqualTo("last words");
    }

    @Test
    void theServerHearsWhatIsWantedAndMayRefuse() throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        try (var guest =
                TestGuest.greeted(
                        offer -> {
                            asked.add(offer.kind() + " " + offer.target());
                            offer.refuse("is not\non the list");
                        })) {
            guest.say(connect(1), new Open(3, Kind.AGENT, ""));

            assertThat(Stream.of(guest.hears(), guest.hears()))
                    .containsExactlyInAnyOrder(
                            new Refused(1, "is not?on the list"),
                            new Refused(3, "is not?on the list"));
        }
        assertThat(asked).containsExactlyInAnyOrder("CONNECT packages.example:443", "AGENT ");
    }

    @Test
    void moreThanAWindowGoesBothWaysAsItIsTaken() throws Exception {
        int total = 40 * PIECE.length;
        try (var guest = TestGuest.greeted(TestGuest::echo)) {
            guest.opens(connect(1));
            int mayBeSent = UplinkStream.FIRST_WINDOW;
            int sent = 0;
            var back = new ByteArrayOutputStream();
            while (back.size() < total) {
                while (sent < total && mayBeSent >= PIECE.length) {
                    guest.say(new Data(1, PIECE));
                    sent += PIECE.length;
                    mayBeSent -= PIECE.length;
                }
                switch (guest.hears()) {
                    case Data(_, byte[] piece) -> {
                        back.writeBytes(piece);
                        guest.say(new Window(1, piece.length));
                    }
                    case Window(_, int more) -> mayBeSent += more;
                    case Frame other -> throw new AssertionError(other);
                }
            }
            assertThat(back.size()).isEqualTo(total);
        }
    }

    @Test
    void aGuestThatGrantsNothingIsSentOneWindowAndTheOtherStreamsGoOn() throws Exception {
        var much = new byte[4 * UplinkStream.WINDOW];
        var sent = new CompletableFuture<Boolean>();
        try (var guest =
                TestGuest.greeted(
                        offer -> {
                            if (offer.number() > 1) {
                                TestGuest.echo(offer);
                                return;
                            }
                            sent.complete(offer.accept().send(much, 0, much.length));
                        })) {
            guest.opens(connect(1));
            for (int came = 0; came < UplinkStream.WINDOW; ) {
                came += ((Data) guest.hears()).bytes().length;
            }
            guest.say(connect(3), new Data(3, bytes("beside")));
            assertThat(guest.hears()).isEqualTo(new Opened(3));
            assertThat(((Data) guest.hears()).bytes()).asString().isEqualTo("beside");
            assertThat(sent).isNotDone();

            guest.say(new Reset(1));
            assertThat(sent.get()).isFalse();
        }
    }

    @Test
    void whoTakesNothingHoldsUpNobodyElse() throws Exception {
        try (var guest =
                TestGuest.greeted(
                        offer -> {
                            if (offer.number() == 1) {
                                hang(offer);
                            } else {
                                TestGuest.echo(offer);
                            }
                        })) {
            guest.opens(connect(1));
            for (int said = 0; said < UplinkStream.FIRST_WINDOW; said += PIECE.length) {
                guest.say(new Data(1, PIECE));
            }
            guest.say(connect(3), new Data(3, bytes("beside")));
            assertThat(guest.hears()).isEqualTo(new Opened(3));
            assertThat(((Data) guest.hears()).bytes()).asString().isEqualTo("beside");

            guest.say(new Data(1, bytes("x")));
            assertThat(guest.ending()).contains("more than was granted for stream 1");
        }
    }

    @Test
    void aStreamThatTheServerLeavesIsReset() throws Exception {
        try (var guest = TestGuest.greeted(Offer::accept)) {
            guest.opens(connect(1));
            assertThat(guest.hears()).isEqualTo(new Reset(1));
            // the guest may not know yet
            guest.say(new Data(1, bytes("late")), new End(1), new Reset(1), new Window(1, 1));
            guest.opens(connect(3));
        }
    }

    @Test
    void aServerThatAnswersNotAtAllRefuses() throws Exception {
        try (var guest = TestGuest.greeted(_ -> {})) {
            guest.say(connect(1));
            assertThat(guest.hears()).isEqualTo(new Refused(1, "it is not served"));
        }
    }

    @Test
    void aServerAnswersOnce() throws Exception {
        var thrown = new CompletableFuture<Throwable>();
        try (var guest =
                TestGuest.greeted(
                        offer -> {
                            offer.accept();
                            try {
                                offer.refuse("after all");
                            } catch (IllegalStateException e) {
                                thrown.complete(e);
                            }
                        })) {
            guest.say(connect(1));
            assertThat(thrown.get()).hasMessageContaining("has its answer");
        }
    }

    @Test
    void theEndOfThePortEndsEveryStreamAndThread() throws Exception {
        BlockingQueue<Piece> last = new LinkedBlockingQueue<>();
        var begun = new CountDownLatch(1);
        try (var guest =
                TestGuest.greeted(
                        offer -> {
                            var stream = offer.accept();
                            begun.countDown();
                            last.add(stream.take());
                        })) {
            guest.say(connect(1));
            begun.await();

            guest.hangUp();

            assertThat(guest.ending()).isEmpty();
        }
        assertThat(last).allMatch(Piece.Broken.class::isInstance);
    }

    @Test
    void tenThousandOpensGetAnAnswerEachAndNoMoreThanTheLimitAreServed() throws Exception {
        var served = new AtomicLong();
        var rate = new OpenRate(100_000, 1, () -> 0);
        try (var guest =
                TestGuest.greeted(
                        offer -> {
                            served.incrementAndGet();
                            hang(offer);
                        },
                        rate)) {
            var talks =
                    new FutureTask<>(
                            () -> {
                                for (int i = 0; i < 10_000; i++) {
                                    guest.say(connect(2 * i + 1));
                                }
                                return true;
                            });
            Thread.ofVirtual().start(talks);
            int opened = 0;
            int refused = 0;
            while (opened + refused < 10_000) {
                switch (guest.hears()) {
                    case Opened _ -> opened++;
                    case Refused(_, var why) -> {
                        refused++;
                        assertThat(why).isEqualTo("more than 256 connections at once");
                    }
                    case Frame other -> throw new AssertionError(other);
                }
            }
            assertThat(talks.get()).isTrue();
            assertThat(opened).isEqualTo(Uplink.MOST_STREAMS);
            assertThat(served).hasValue(Uplink.MOST_STREAMS);
        }
    }

    @Test
    void whoOpensTooFastIsRefusedUntilTimeHasPassed() throws Exception {
        var now = new AtomicLong();
        try (var guest = TestGuest.greeted(TestGuest::echo, new OpenRate(2, 10, now::get))) {
            guest.opens(connect(1));
            guest.opens(connect(3));
            guest.say(connect(5));
            assertThat(guest.hears())
                    .isEqualTo(new Refused(5, "more than 10 a second new connections"));

            now.addAndGet(100_000_000);
            guest.opens(connect(7));
        }
    }

    private static Stream<Arguments> crimes() {
        var hello = new Hello(Frame.VERSION);
        return Stream.of(
                crime("no hello", connect(1)),
                crime("a second hello", hello, hello),
                crime("version 2", new Hello(2)),
                crime("stream 2 opened after 0", hello, connect(2)),
                crime("opened after 3", hello, connect(3), connect(1)),
                crime("opened after 1", hello, connect(1), connect(1)),
                crime("never opened", hello, new Data(1, bytes("x"))),
                crime("never opened", hello, connect(1), new End(5)),
                crime("never opened", hello, new Window(2, 1)),
                crime("not asked for", hello, connect(1), new Opened(1)),
                crime("not asked for", hello, connect(1), new Refused(1, "")),
                crime("a second end", hello, connect(1), new End(1), new End(1)),
                crime("data after the end", hello, connect(1), new End(1), new Data(1, bytes("x"))),
                crime("more than is allowed", hello, connect(1), new Window(1, Frame.MOST_WINDOW)),
                crime("only the host", hello, new Open(1, Kind.PTY, "80x24")));
    }

    private static Arguments crime(String why, Frame... frames) {
        return Arguments.of(why, frames);
    }

    @ParameterizedTest
    @MethodSource("crimes")
    void whatNoProgramOfOursSendsEndsTheUplink(String why, Frame[] frames) throws Exception {
        try (var guest = TestGuest.silent(UplinkTest::hang, OpenRate.standard())) {
            guest.say(frames);

            assertThat(guest.ending()).get(InstanceOfAssertFactories.STRING).contains(why);
        }
    }

    @Test
    void aStreamThatIsOverTakesNothingMore() throws Exception {
        var stream = new UplinkStream(1, _ -> {}, new WindowGrowth(0));
        stream.end();
        assertThat(stream.send(PIECE, 0, 1)).isFalse();
        stream.breaks();
        assertThat(stream.take()).isInstanceOf(Piece.Broken.class);
    }
}
