package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Limits of one client, and of all together.
class ReadBudgetTest {
    private static final long MIB = 1 << 20;
    private final ReadBudget budget = new ReadBudget(40 * MIB, Duration.ofSeconds(30));
    @RegisterExtension private final Site site = new Site();

    @Test
    void sharesAreNeverMoreThanTheWholeNorOneAddressesMoreThanHalf() {
        var first = budget.take("a", 15 * MIB).orElseThrow();
        assertThat(budget.takeNow("a", 6 * MIB)).as("half of it").isEmpty();
        var second = budget.take("b", 15 * MIB).orElseThrow();
        assertThat(budget.takeNow("c", 11 * MIB)).as("all of it").isEmpty();
        assertThat(second.grow(11 * MIB)).isFalse();
        assertThat(second.grow(5 * MIB)).isTrue();

        second.keep(MIB);
        assertThat(budget.used()).isEqualTo(16 * MIB);
        first.close();
        first.close();
        second.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void aRequestWaitsForAShareThatBecomesFree() {
        var first = budget.take("a", 20 * MIB).orElseThrow();
        var waiting = CompletableFuture.supplyAsync(() -> budget.take("a", MIB));
        first.close();
        assertThat(waiting.join()).isPresent();
    }

    @Test
    void aRequestWithoutAShareIsToldToComeAgainAndTheServerStillSaysThatItIsAlive() {
        try (var _ = site.reading.take("b", 18 * MIB).orElseThrow()) {
            refusedWhileAnotherReads();
            assertThat(site.get("/").statusCode()).isEqualTo(200);
        }
        await("what is over holds nothing").until(() -> site.reading.used() == 0);
    }

    private void refusedWhileAnotherReads() {
        try (var _ = site.reading.take("a", 18 * MIB).orElseThrow()) {
            for (String path :
                    new String[] {"/", "/api/v1/runs", "/badges/x.svg", "/runs/x/log.txt"}) {
                var refused = site.get(path);
                assertThat(refused.statusCode()).as(path).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).as(path).contains("1");
            }
            assertThat(site.get("/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void bodiesThatDripFromOneAddressKeepNoOtherOut() throws IOException {
        var dripping = new ArrayList<Socket>();
        try (var drips = Executors.newSingleThreadScheduledExecutor()) {
            for (int i = 0; i < 16; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), site.port());
                dripping.add(socket);
                socket.getOutputStream()
                        .write(
                                "POST /hooks/a/b HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.1\r\nContent-Length: 9000\r\n\r\n{"
                                        .getBytes(StandardCharsets.US_ASCII));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> site.hooks.begun() == 16);
            var _ = drips.scheduleAtFixedRate(() -> drip(dripping), 0, 300, TimeUnit.MILLISECONDS);
            assertThat(post("203.0.113.1")).startsWith("HTTP/1.1 503 ").contains("Retry-After: 10");
            assertThat(post("203.0.113.2")).startsWith("HTTP/1.1 202 ");
            drips.shutdownNow();
        } finally {
            for (var socket : dripping) {
                socket.close();
            }
        }
    }

    private static void drip(List<Socket> sockets) {
        for (var socket : sockets) {
            try {
                socket.getOutputStream().write(' ');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private String post(String from) {
        return Raw.exchange(
                site.port(),
                "POST /hooks/a/b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: "
                        + from
                        + "\r\nContent-Length: 2\r\n\r\n{}");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "192.0.2.7, -, 192.0.2.7",
                "192.0.2.7, 203.0.113.1, 192.0.2.7",
                "127.0.0.1, 203.0.113.1, 203.0.113.1",
                "127.0.0.1, '198.51.100.1, 203.0.113.1', 203.0.113.1",
                "127.0.0.1, nonsense, 127.0.0.1",
                "127.0.0.1, -, 127.0.0.1",
                "0:0:0:0:0:0:0:1, 2001:db8::1, 20010db800000000/64",
                "2001:db8::1, -, 20010db800000000/64",
                "2001:db8::ffff:2, -, 20010db800000000/64"
            })
    void limitsCountForTheClientThatAProxyOnThisMachineNames(
            String peer, String forwarded, String address) {
        assertThat(Exchange.address(peer, forwarded)).isEqualTo(address);
    }

    @Test
    void onePlaceMoreThanAnAddressMayHaveWaitsForOneThatIsLeft() {
        var places = new Quota(Long.MAX_VALUE, 2);
        assertThat(places.take("a", 1, Duration.ZERO)).isTrue();
        assertThat(places.take("a", 1, Duration.ZERO)).isTrue();
        assertThat(places.take("a", 1, Duration.ZERO)).isFalse();
        assertThat(places.take("b", 1, Duration.ZERO)).isTrue();
        var waiting =
                CompletableFuture.supplyAsync(() -> places.take("a", 1, Duration.ofSeconds(30)));
        places.release("a", 1);
        assertThat(waiting.join()).isTrue();
    }
}
