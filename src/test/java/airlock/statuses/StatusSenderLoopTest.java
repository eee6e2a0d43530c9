package airlock.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.event.Verdict;
import airlock.statuses.ScriptedForge.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusSenderLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;
    private SenderFixture airlock;
    private ScriptedForge forge;

    @BeforeEach
    void start() {
        airlock = new SenderFixture(folder, "codeberg", "home");
        forge = airlock.forge();
        airlock.sender.start();
    }

    @AfterEach
    void close() {
        airlock.close();
    }

    @Test
    void whatIsToldWhileItRunsIsSent() {
        for (int i = 0; i < 20; i++) {
            airlock.life("airlock/" + i, Verdict.PASSED);
        }
        await().atMost(PATIENCE).until(() -> airlock.count("outcome = 'sent'") == 60);
        for (int i = 0; i < 20; i++) {
            assertThat(forge.states("airlock/" + i))
                    .containsExactly("pending", "pending", "success");
        }
    }

    @Test
    void severalContextsAreSentAtOnceButNeverMoreThanFour() {
        var four = new CountDownLatch(4);
        forge.onPost(
                () -> {
                    four.countDown();
                    waitFor(four);
                });
        for (int i = 0; i < 12; i++) {
            airlock.life("airlock/" + i, Verdict.PASSED);
        }
        await().atMost(PATIENCE).until(() -> airlock.count("outcome = 'sent'") == 36);
        assertThat(forge.mostAtOnce).hasValue(4);
    }

    @Test
    void aForgeThatDoesNotAnswerHoldsUpNoOther() {
        var home = airlock.forge("home");
        var end = new CountDownLatch(1);
        forge.onPost(() -> waitFor(end));
        for (int i = 0; i < 8; i++) {
            airlock.life("airlock/" + i, Verdict.PASSED);
        }
        airlock.life(home.repository, SenderFixture.COMMIT, "airlock", Verdict.FAILED);
        await().atMost(PATIENCE).until(() -> home.states("airlock").size() == 3);
        assertThat(forge.taken()).isEmpty();
        end.countDown();
    }

    @Test
    void aRequestThatTheServersEndCutsOffIsAskedForByTheNextOne() {
        var arrived = new CountDownLatch(1);
        forge.next(new Fault.Silent());
        forge.onPost(arrived::countDown);
        airlock.life("airlock", Verdict.PASSED);
        waitFor(arrived);
        airlock.restart();
        assertThat(airlock.count("outcome = 'unknown'")).isEqualTo(1);
        airlock.drain();
        assertThat(forge.states("airlock")).containsExactly("pending", "pending", "success");
        assertThat(forge.asked.get()).isPositive();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
