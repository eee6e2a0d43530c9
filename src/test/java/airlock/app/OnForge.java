package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.house.LoopbackForge;
import airlock.vm.FakeVmHost;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A test with a forge that hosts alice/hello, and VMs that are doubles.
abstract class OnForge {
    static final Duration LONG = Duration.ofSeconds(90);

    @TempDir Path directory;
    final FakeVmHost host = new FakeVmHost();
    final LoopbackForge forge = LoopbackForge.start(0);

    @BeforeEach
    final void hostRepository() {
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
    }

    @AfterEach
    final void stopForge() {
        forge.close();
    }

    final Checkout checkout() {
        return Checkout.in(directory, forge);
    }

    final String push(Bot bot, String plan) throws Exception {
        return new Pushes(directory, forge).push(bot, plan);
    }

    final void awaitStates(String commit, String context, String... states) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(forge.states(commit, context)).containsExactly(states));
    }

    final void awaitState(String commit, String context, String last) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(forge.states(commit, context)).endsWith(last));
    }
}
