package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.house.LoopbackForge;
import airlock.vm.TestImage;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A test with a forge that hosts alice/hello, and real VMs.
abstract class OnRealVms {
    @TempDir Path directory;
    final LoopbackForge forge = LoopbackForge.start(0);
    RealMachines machines;

    @BeforeEach
    final void startMachines() throws Exception {
        machines = RealMachines.in(directory);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
    }

    @AfterEach
    final void stopMachines() {
        forge.close();
        machines.close();
    }

    /// Starts a bot.
    ///
    /// @param more keys of the repository in the configuration
    final Bot bot(String more) throws Exception {
        return Bot.start(directory, forge, machines.host(), TestImage.boot(), more);
    }

    final String push(Bot bot, String plan) throws Exception {
        return new Pushes(directory, forge).push(bot, plan);
    }

    /// The log of the newest run, once its commit has passed.
    final String passed(Bot bot, String commit) throws Exception {
        await().atMost(Duration.ofMinutes(6))
                .until(
                        () -> {
                            var states = forge.states(commit, "airlock");
                            return !states.isEmpty() && !states.getLast().equals("pending");
                        });
        String log = bot.log();
        assertThat(forge.states(commit, "airlock")).as(log).endsWith("success");
        return log;
    }
}
