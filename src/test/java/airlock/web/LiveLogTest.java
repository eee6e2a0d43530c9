package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.event.RunId;
import airlock.event.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LiveLogTest {
    private static final String EVENTS = "/runs/runningaaaaaaaaaaaaa/events";
    private static final RunId RUN = Samples.run("running");

    @RegisterExtension private final Site site = new Site();

    @BeforeEach
    void run() {
        site.start("running");
    }

    @Test
    void textComesAsItIsWritten() {
        site.logs.append(RUN, Samples.STEP, 1, 0.5, "before\n");
        try (var events = follow()) {
            assertThat(events.next("log").data()).contains("before");
            site.logs.append(RUN, Samples.STEP, 2, 1.25, "\u001b[31mafter\u001b[0m\n");
            assertThat(events.next("log").data())
                    .isEqualTo(
                            "{\"step\":\"plan-1-0\",\"stderr\":true,\"trace\":false,\"at\":\"1.3\","
                                    + "\"text\":[\"f1\",\"after\",\"\",\"\\n\"]}");
        }
    }

    @Test
    void whatEndsIsToldAndTheStreamEnds() {
        site.logs.append(RUN, Samples.STEP, 1, 0, "text\n");
        try (var events = follow()) {
            assertThat(events.next("state").data()).contains("\"mark\":\"running\"");
            events.next("log");
            end();
            assertThat(events.next("state").data()).contains("\"mark\":\"passed\"");
            assertThat(events.next("end").data()).isEqualTo("{\"word\":\"passed\"}");
            assertThat(events.next().name()).isEmpty();
        }
    }

    @Test
    void aClientThatComesAgainGetsEveryByteOnce() {
        for (int i = 0; i < 30; i++) {
            site.logs.append(RUN, Samples.STEP, 1, i, "line " + i + "\n");
        }
        end();
        var texts = new ArrayList<String>();
        String last = "0";
        for (boolean over = false; !over; ) {
            try (var events = new Events(site.open(EVENTS, "Last-Event-ID", last).body())) {
                // goes away after three pieces, wherever that is
                for (int i = 0; i < 3 && !over; ) {
                    var event = events.next();
                    over = event.name().equals("end");
                    if (event.name().equals("log")) {
                        texts.add(event.data().replaceAll(".*\"(line \\d+).*", "$1"));
                        last = event.id();
                        i++;
                    }
                }
            }
        }
        assertThat(texts)
                .hasSize(30)
                .doesNotHaveDuplicates()
                .startsWith("line 0")
                .endsWith("line 29");
    }

    @Test
    void aPageGoesOnWhereItEndsAndAnIdCountsMore() {
        site.logs.append(RUN, Samples.STEP, 1, 0, "one\n");
        site.logs.append(RUN, Samples.STEP, 1, 0, "two\n");
        end();
        long first = WrittenLogs.FRAME + 4;
        assertThat(firstText(EVENTS + "?from=" + first)).contains("two");
        var both = site.open(EVENTS + "?from=0", "Last-Event-ID", Long.toString(first));
        try (var events = new Events(both.body())) {
            assertThat(events.next("log").data()).contains("two");
        }
        assertThat(firstText(EVENTS + "?from=-1")).contains("one");
        assertThat(firstText(EVENTS + "?from=x")).contains("one");
    }

    @Test
    void coloursThatBeganBeforeAreThereAfterComingAgain() {
        site.logs.append(RUN, Samples.STEP, 1, 0, "\u001b[32mgreen ");
        long first = WrittenLogs.FRAME + 11;
        site.logs.append(RUN, Samples.STEP, 1, 0, "still green\n");
        end();
        assertThat(firstText(EVENTS + "?from=" + first)).contains("\"f2\",\"still green");
    }

    @Test
    void aRunWithoutLogIsFollowedUntilThereIsOne() {
        try (var events = follow()) {
            events.next("state");
            site.logs.append(RUN, Samples.STEP, 1, 0, "late\n");
            assertThat(events.next("log").data()).contains("late");
        }
    }

    @Test
    void aRunThatEndedWithoutLogEndsTheStream() {
        site.views.put(
                Samples.view(
                        Samples.head("running", Samples.ended(Verdict.SUPERSEDED, "newer")),
                        "",
                        List.of()));
        try (var events = follow()) {
            assertThat(events.next("end").data()).contains("superseded");
        }
    }

    @Test
    void silenceIsBrokenByComments() {
        try (var events = follow()) {
            events.next("state");
            CompletableFuture.delayedExecutor(2500, TimeUnit.MILLISECONDS)
                    .execute(() -> site.logs.append(RUN, Samples.STEP, 1, 0, "at last"));
            assertThat(events.next("log").data()).contains("at last");
            assertThat(events.comments()).isPositive();
        }
    }

    @Test
    void oneClientTooManyIsToldToComeLater() {
        var open = new ArrayList<HttpResponse<InputStream>>();
        for (int i = 0; i < Site.settings().liveLogs(); i++) {
            open.add(site.open(EVENTS));
        }
        var refused = site.get(EVENTS);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(Site.header(refused, "Retry-After")).isEqualTo("10");
        open.forEach(answer -> new Events(answer.body()).close());
        site.logs.append(
                RUN, Samples.STEP, 1, 0, "somebody left, which shows when it is written to");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> {
                            try (var events = follow()) {
                                assertThat(events.next("state").data()).isNotEmpty();
                            }
                        });
    }

    /// The status that one more client gets.
    private static int status(Site site) throws IOException {
        var answer = site.open(EVENTS);
        answer.body().close();
        return answer.statusCode();
    }

    @Test
    void aClientThatDoesNotReadIsClosedAndHoldsNothing() throws Exception {
        String much = "x".repeat(60_000);
        try (var strict =
                        new Site(
                                new WebSettings(
                                        "127.0.0.1",
                                        0,
                                        50,
                                        1,
                                        Duration.ofSeconds(20),
                                        Duration.ofSeconds(2),
                                        Duration.ofMillis(300)));
                var socket = new Socket()) {
            strict.start("running");
            for (int i = 0; i < 400; i++) {
                strict.logs.append(RUN, Samples.STEP, 1, 0, much);
            }
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), strict.port()));
            socket.getOutputStream()
                    .write(
                            ("GET " + EVENTS + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(5)).until(() -> status(strict) == 503);
            // a byte now and then keeps the server's idle time-out away
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> {
                                socket.getInputStream().read();
                                return status(strict) == 200;
                            });
        }
    }

    @Test
    void aStoppingServerLetsGoSoon() {
        var before = System.nanoTime();
        try (var events = follow()) {
            events.next("state");
            site.close();
            assertThat(events.next().name()).isNotEqualTo("end");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aStreamIsNeitherKeptNorGathered() {
        end();
        var headers = site.get(EVENTS).headers();
        assertThat(headers.firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
        assertThat(headers.firstValue("X-Accel-Buffering")).hasValue("no");
        var zipped = site.get(EVENTS, "Accept-Encoding", "gzip").headers();
        assertThat(zipped.firstValue("Content-Encoding")).isEmpty();
    }

    private Events follow() {
        return new Events(site.open(EVENTS).body());
    }

    private String firstText(String path) {
        try (var events = new Events(site.open(path).body())) {
            return events.next("log").data();
        }
    }

    private void end() {
        site.show("running", Verdict.PASSED, "");
    }
}
