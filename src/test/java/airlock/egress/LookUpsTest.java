package airlock.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.config.HostName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LookUpsTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofDays(1);
    private static final List<InetAddress> FOUND = List.of(InetAddress.ofLiteral("1.2.3.4"));

    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final Semaphore begun = new Semaphore(0);

    /// Like the system's look-ups, it may take long and can't be interrupted.
    private List<InetAddress> slow(HostName host) {
        asked.incrementAndGet();
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        begun.release();
        try {
            answers.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        atOnce.decrementAndGet();
        return host.text().endsWith("gone.example") ? List.of() : FOUND;
    }

    private static HostName name(int i) {
        return new HostName("host-" + i + ".example");
    }

    @Test
    void whatIsFoundIsAnswered() {
        answers.countDown();
        var resolver = new LookUps(this::slow, 1, LONG).ofOne();

        for (int i = 0; i < 100; i++) {
            assertThat(resolver.addresses(name(i))).isEqualTo(FOUND);
        }
        assertThat(resolver.addresses(new HostName("gone.example"))).isEmpty();
    }

    @Test
    void aNameWhoseLookUpHangsIsUnknownAfterAWhile() {
        var resolver = new LookUps(this::slow, 1, SHORT).ofOne();

        assertThat(resolver.addresses(name(1))).isEmpty();
        // the first thread still waits, so the second can't begin
        assertThat(resolver.addresses(name(2))).isEmpty();
        assertThat(asked).hasValue(1);
        answers.countDown();
    }

    @Test
    void ofThousandsAtOnceOfOneVmAFewAreUnderWayAndAllGetAnAnswer() throws Exception {
        var resolver = new LookUps(this::slow, 1_000, LONG).ofOne();
        var found = new ArrayList<CompletableFuture<List<InetAddress>>>();
        for (int i = 0; i < 5_000; i++) {
            int number = i;
            var answer = new CompletableFuture<List<InetAddress>>();
            found.add(answer);
            Thread.ofVirtual().start(() -> answer.complete(resolver.addresses(name(number))));
        }
        assertThat(begun.tryAcquire(LookUps.MOST_OF_ONE, 20, TimeUnit.SECONDS)).isTrue();
        answers.countDown();

        for (var each : found) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(FOUND);
        }
        assertThat(asked).hasValue(5_000);
        assertThat(mostAtOnce).hasValueLessThanOrEqualTo(LookUps.MOST_OF_ONE);
    }

    @Test
    void oneVmDoesNotTakeThePlacesOfAllOthers() throws Exception {
        int most = LookUps.MOST_OF_ONE + 1;
        var lookUps = new LookUps(this::slow, most, LONG);
        var greedy = lookUps.ofOne();
        for (int i = 0; i < 2 * most; i++) {
            int number = i;
            Thread.ofVirtual().start(() -> greedy.addresses(name(number)));
        }
        assertThat(begun.tryAcquire(LookUps.MOST_OF_ONE, 20, TimeUnit.SECONDS)).isTrue();

        var other = lookUps.ofOne();
        var answer = new CompletableFuture<List<InetAddress>>();
        Thread.ofVirtual().start(() -> answer.complete(other.addresses(name(0))));
        assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        answers.countDown();
        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(FOUND);
        assertThat(mostAtOnce).hasValueLessThanOrEqualTo(most);
    }

    @Test
    void whoIsInterruptedDoesNotWait() throws Exception {
        var resolver = new LookUps(this::slow, 1, LONG).ofOne();
        var found = new CompletableFuture<List<InetAddress>>();
        var waiting = Thread.ofVirtual().start(() -> found.complete(resolver.addresses(name(1))));
        assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

        waiting.interrupt();

        assertThat(found.get(20, TimeUnit.SECONDS)).isEmpty();
        answers.countDown();
    }

    @Test
    void aResolverThatFailsIsAFault() {
        var resolver =
                new LookUps(
                                _ -> {
                                    throw new IllegalArgumentException("broken");
                                },
                                1,
                                LONG)
                        .ofOne();
        assertThatThrownBy(() -> resolver.addresses(name(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("host-1.example")
                .hasRootCauseMessage("broken");
        assertThatThrownBy(
                        () ->
                                CompletableFuture.supplyAsync(() -> resolver.addresses(name(1)))
                                        .get())
                .isInstanceOf(ExecutionException.class);
    }
}
